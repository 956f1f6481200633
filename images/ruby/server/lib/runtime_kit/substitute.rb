# frozen_string_literal: true

require_relative 'access_log'
require_relative 'counters'
require_relative 'http_text'
require_relative 'logs'
require_relative 'running_calls'

module RuntimeKit
  # Answers and accounts for calls whose worker cannot: because it died, or because a thread in it
  # neither ends nor lets others run.
  class Substitute
    # Seconds past FUNC_TIMEOUT that a worker has for its own 408.
    GRACE = 0.3
    # Seconds between two looks while a call is overdue.
    WATCHFUL = 0.1

    # When #answer_overdue must be called next (monotonic seconds).
    attr_reader :next_look

    def initialize(board, configuration, logs)
      @board = board
      @timeout = configuration.timeout
      @logs = logs
      @counters = Counters.new(board.counters(0))
      @calls = (0...board.slots).map { |slot| RunningCalls.new(board.calls(slot), board.call_size) }
      @headers = configuration.cors_origin ? { 'access-control-allow-origin' => configuration.cors_origin } : {}
      @next_look = 0
    end

    # @return [Integer] the calls that the worker is in
    def running(worker)
      @calls[worker.slot].count
    end

    # Sends 408 for calls whose worker did not do so in time.
    #
    # No call that starts after this can be overdue before FUNC_TIMEOUT and GRACE have passed, so
    # there is nothing to poll for while nothing is late.
    # @return [Array<Array(WorkerHandle, Float)>] workers with overdue calls, and the oldest's start
    def answer_overdue(workers, now)
      @next_look = now + @timeout + GRACE
      workers.filter_map do |worker|
        late, others = @calls[worker.slot].to_a.sort_by(&:started).partition { |call| due(call) <= now }
        look_by(due(others.first)) unless others.empty?
        next if late.empty?

        look_by(now + WATCHFUL)
        late.each { |call| take(worker, call, 408, now) }
        [worker, late.first.started]
      end
    end

    # After the worker's death: its callers get 500, its last access lines are printed.
    # @return [Array<Integer>] the connections that were in a call
    def settle(worker, now)
      AccessLog.new(@board.log(worker.slot)).flush
      calls = @calls[worker.slot].to_a
      calls.each { |call| take(worker, call, 500, now) }
      @calls[worker.slot].clear
      calls.map(&:connection)
    end

    # @return [Boolean] whether all that runs in the worker has been answered here
    def only_lost_calls?(worker)
      @calls[worker.slot].to_a.all? { |call| call.state == RunningCalls::TAKEN }
    end

    private

    def due(call)
      call.started + @timeout + GRACE
    end

    def look_by(time)
      @next_look = [@next_look, time].min
    end

    def take(worker, call, status, now)
      return if call.state == RunningCalls::TAKEN

      @calls[worker.slot].take(call.index)
      body = status == 408 ? HttpText::TIMEOUT : HttpText::ERROR
      account(call, status, body.bytesize, now - call.started) unless call.counted
      answer = HttpText.answer(status, body, @headers, head: call.fields[1] == 'HEAD')
      worker.answer(call.connection, call.state == RunningCalls::RUNNING ? answer : nil)
    end

    def account(call, status, bytes, seconds)
      @counters.count(call.fields[1], seconds, failed: true, timed_out: status == 408)
      AccessLog.print(@logs.access(call.fields, status, bytes, seconds))
    end
  end
end
