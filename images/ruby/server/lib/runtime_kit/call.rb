# frozen_string_literal: true

require_relative 'call_group'

module RuntimeKit
  # One call of the function, from its start to its one entry in counters and access log.
  class Call
    # @param journal [Journal]
    # @param connection [Integer] its id
    # @param fields [Array<String>] see AccessFields
    def initialize(journal, connection, fields)
      @journal = journal
      @fields = fields
      @started = Process.clock_gettime(Process::CLOCK_MONOTONIC)
      @group = CallGroup.new
      @index = journal.calls.start(connection, @started, fields)
    end

    # Runs a part of the call, under its deadline.
    # @raise [DeadlineExceeded]
    def limited(&)
      @journal.deadlines.enforce(@started, @group, &)
    end

    # The thread that runs the call is being killed: by Deadlines, or by the function.
    def killed
      late = @journal.deadlines.passed?(@started)
      finish(late ? 408 : 500, 0, failed: true, timed_out: late)
    end

    # The answer begins; from here on only we can go on with it.
    def answering
      @journal.calls.answering(@index) if @index
    end

    # The call has ended. Only the first time counts.
    def finish(status, bytes, failed: false, timed_out: false)
      return unless @index

      index = @index
      @index = nil
      @group.application = nil
      # The supervisor has answered and counted a call that it took.
      unless @journal.calls.taken?(index)
        @journal.calls.counted(index)
        seconds = Process.clock_gettime(Process::CLOCK_MONOTONIC) - @started
        @journal.count(@fields, seconds, failed: failed || timed_out, timed_out:)
        @journal.log(@fields, status, bytes, seconds)
      end
      @journal.calls.finish(index)
    end

    # The call has ended in an error of the function. To ask that for its message runs the function's code,
    # too.
    def fail(error, status, bytes)
      limited { @journal.report(error) }
    rescue DeadlineExceeded
      @journal.report(DeadlineExceeded.new("the message of #{error.class} did not come in time"))
    ensure
      finish(status, bytes, failed: true)
    end
  end
end
