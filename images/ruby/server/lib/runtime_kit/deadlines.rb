# frozen_string_literal: true

require_relative 'forks'

module RuntimeKit
  # Raised in a call that ran past FUNC_TIMEOUT. Not a StandardError: a function's own `rescue` must
  # not take it for a failure of its own.
  class DeadlineExceeded < Exception # rubocop:disable Lint/InheritException
    def initialize(message = 'the call ran past FUNC_TIMEOUT')
      super
    end
  end

  # Ends calls that run too long: a thread of its own raises DeadlineExceeded in theirs, again where
  # the function rescued it, and at last kills the thread.
  class Deadlines
    # Seconds past the deadline of each attempt. The supervisor answers in our stead at 0.3 s
    # (Substitute::GRACE), so the last attempt comes when the caller has an answer.
    RAISE_AT = [0, 0.1, 0.2].freeze
    KILL_AT = 0.5

    BLOCKED = { DeadlineExceeded => :never }.freeze
    OPEN = { DeadlineExceeded => :immediate }.freeze

    # A call under supervision.
    Entry = Struct.new(:thread, :group, :due, :attempts)

    # @param seconds [Numeric] the time a call has
    # @param on_leftover [#call] hears that a late call has left something running that cannot be ended
    def initialize(seconds, on_leftover = -> {})
      @seconds = seconds
      @on_leftover = on_leftover
      @entries = {}.compare_by_identity
      @mutex = Mutex.new
      @earlier = ConditionVariable.new
      @next_look = Float::INFINITY
    end

    # Starts the thread that watches.
    def start
      @ractors = Ractor.count
      @watch = Thread.new { @mutex.synchronize { loop { watch } } }
      self
    end

    # @param started [Float] when a call started, monotonic seconds
    # @return [Boolean] whether its time is over
    def passed?(started)
      now >= started + @seconds
    end

    # Runs the block; it must not take the deadline off by itself.
    # @param started [Float] when the call started, monotonic seconds
    # @param group [CallGroup] the threads of the call; they end with it
    # @return what the block returns
    # @raise [DeadlineExceeded]
    def enforce(started, group)
      group.add(Thread.current)
      entry = Entry.new(Thread.current, group, started + @seconds, 0)
      Thread.handle_interrupt(BLOCKED) do
        enter(entry)
        supervise(entry) { Thread.handle_interrupt(OPEN) { yield } }
      end
    end

    private

    def now
      Process.clock_gettime(Process::CLOCK_MONOTONIC)
    end

    def enter(entry)
      @mutex.synchronize do
        @entries[entry] = true
        @earlier.signal if entry.due < @next_look
      end
    end

    # What a late call returns or raises does not matter any more: it was too late.
    def supervise(entry)
      begin
        value = yield
      rescue Exception => e # rubocop:disable Lint/RescueException
        error = e
      ensure
        finish(entry)
      end
      Forks.end_child(error) if Forks.child?
      raise DeadlineExceeded unless entry.attempts.zero?
      raise error if error

      value
    end

    # After this nothing is raised for the entry any more.
    def finish(entry)
      @mutex.synchronize { @entries.delete(entry) }
      return if entry.attempts.zero?

      end_helpers(entry)
      @on_leftover.call if Ractor.count > @ractors
      # Without the class: Ruby 3.1 crashes when it compares a pending exception with one.
      swallow while Thread.pending_interrupt?
    end

    def swallow
      Thread.handle_interrupt(OPEN) { Thread.pass }
    rescue DeadlineExceeded
      nil
    end

    # Deals with what is due, and waits until something else is. A part of a stream may be due before what
    # began earlier.
    def watch
      time = now
      @next_look = time + @seconds
      @entries.each_key do |entry|
        press(entry, time - entry.due) if entry.due <= time
        @next_look = [@next_look, entry.due > time ? entry.due : time + RAISE_AT[1]].min
      end
      @earlier.wait(@mutex, [@next_look - now, 0.001].max)
    end

    # Nobody is killed who was not asked first, however late this thread itself is.
    def press(entry, late)
      if entry.attempts < RAISE_AT.size
        return if late < RAISE_AT[entry.attempts]

        entry.attempts += 1
        entry.thread.raise(DeadlineExceeded)
      elsif late >= KILL_AT
        end_helpers(entry)
        entry.thread.kill
      end
    end

    def end_helpers(entry)
      (entry.group.list - [entry.thread, Thread.current]).each(&:kill)
    end
  end
end
