# frozen_string_literal: true

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
        calls = @calls[worker.slot].to_a
        late, others = calls.partition { |call| now >= call.started + @timeout + GRACE }
        others.each { |call| @next_look = [@next_look, call.started + @timeout + GRACE].min }
        next if late.empty?

        @next_look = [@next_look, now + WATCHFUL].min
        late.each { |call| take(worker, call, 408, now) unless call.state == RunningCalls::TAKEN }
        [worker, late.map(&:started).min]
      end
    end

    # After the worker's death: its callers get 500, its last access lines are printed.
    def settle(worker)
      calls = @calls[worker.slot]
      AccessLog.new(@board.log(worker.slot)).flush
      now = Process.clock_gettime(Process::CLOCK_MONOTONIC)
      calls.to_a.each { |call| take(worker, call, 500, now) unless call.state == RunningCalls::TAKEN }
      calls.clear
    end

    # @return [Boolean] whether all that runs in the worker has been answered here
    def only_lost_calls?(worker)
      @calls[worker.slot].to_a.all? { |call| call.state == RunningCalls::TAKEN }
    end

    private

    def take(worker, call, status, now)
      @calls[worker.slot].take(call.index)
      seconds = now - call.started
      method = call.fields[1]
      @counters.count(method, seconds, failed: true, timed_out: status == 408)
      body = status == 408 ? HttpText::TIMEOUT : HttpText::ERROR
      AccessLog.print(@logs.access(call.fields, status, body.bytesize, seconds))
      answer = HttpText.answer(status, body, @headers, head: method == 'HEAD')
      worker.answer(call.connection, call.state == RunningCalls::RUNNING ? answer : nil)
    end
  end
end
