# frozen_string_literal: true

require_relative 'access_log'
require_relative 'board'
require_relative 'connection'
require_relative 'counters'
require_relative 'front_door'
require_relative 'running_calls'
require_relative 'substitute'
require_relative 'worker'
require_relative 'worker_handle'

module RuntimeKit
  # The first process. It listens, hands connections to workers, replaces workers that died or hold
  # a call that cannot be stopped, and never runs a line of the function.
  class Supervisor
    # Seconds past FUNC_TIMEOUT after which a worker that still holds the call is replaced.
    REPLACE_AFTER = 0.75
    # Seconds a worker without any other call gets to end by itself.
    FAREWELL = 0.5
    # Seconds between two attempts to start a worker whose predecessor did not get ready.
    RETRY = 1.0

    # @param configuration [Configuration]
    def initialize(configuration)
      @configuration = configuration
      @board = Board.new(slots: 1 + (2 * configuration.workers), calls_per_slot: configuration.threads,
                         counters: Counters::CELLS)
      @board.take(0, Process.pid)
      @logs = Logs.format(configuration.log_format)
      @substitute = Substitute.new(@board, configuration, @logs)
      @door = FrontDoor.new(configuration.port, @board)
      @workers = []
      @start_at = now
    end

    # Serves until a signal ends it.
    # @return [Integer] the exit code
    def run
      Worker.preload
      @signals = trap_signals
      until @exit_code
        readable, = IO.select([@signals, *@workers.map(&:channel), *@door.ios], nil, nil, patience)
        take_signals if readable&.include?(@signals)
        @workers.each(&:listen)
        @door.tend(readable || [], now) { |socket| route(socket) }
        look_after_workers
        drain if @drain_at && now >= @drain_at
      end
      @exit_code
    ensure
      @door.abandon
    end

    private

    def now
      Process.clock_gettime(Process::CLOCK_MONOTONIC)
    end

    # -- signals

    # Handlers only write to a pipe: nothing else is safe in them.
    def trap_signals
      reader, @signal_writer = IO.pipe
      { 'TERM' => 'T', 'INT' => 'T', 'CHLD' => 'C' }.each do |signal, letter|
        trap(signal) { @signal_writer.write_nonblock(letter, exception: false) }
      end
      reader
    end

    def take_signals
      letters = @signals.read_nonblock(64)
      start_draining if letters.include?('T')
      reap if letters.include?('C')
    end

    # -- workers

    # Of all workers only the first is started at once: a function that cannot be loaded then fails
    # once, and the others follow when it is known to work.
    def look_after_workers
      @served ||= @board.any_ready?
      start_missing unless @drain_at || @exit_code
      @workers.each { |worker| retire(worker) if worker.successor&.ready? && !worker.told_at }
      check_calls if now >= @substitute.next_look
      @workers.each { |worker| worker.signal('KILL') if finished?(worker) }
    end

    def start_missing
      wanted = @board.any_ready? ? @configuration.workers : 1
      start if now >= @start_at && @workers.count { |worker| !worker.successor } < wanted
    end

    def start
      slot = (1...@board.slots).find { |index| @workers.none? { |worker| worker.slot == index } } or return
      ours, theirs = UNIXSocket.pair(:SEQPACKET)
      pid = fork do
        [ours, @signals, @signal_writer, *@workers, @door].each { |held| held.is_a?(FrontDoor) ? held.abandon : held.close }
        Worker.new(@configuration, @board, slot, theirs).run
      end
      theirs.close
      @board.take(slot, pid)
      WorkerHandle.new(slot, pid, ours).tap { |worker| @workers << worker }
    end

    # PID 1 also inherits what a function left behind, so any child may turn up.
    def reap
      loop do
        pid, status = Process.wait2(-1, Process::WNOHANG)
        break unless pid

        worker = @workers.find { |candidate| candidate.pid == pid }
        bury(worker, status) if worker
      end
    rescue Errno::ECHILD
      nil
    end

    def bury(worker, status)
      worker.listen
      @substitute.settle(worker)
      @workers.delete(worker)
      worker.close
      was_serving = @board.ready?(worker.slot)
      @board.ready(worker.slot, false)
      @board.release(worker.slot)
      @workers.each { |other| other.successor = nil if other.successor == worker }
      return @exit_code = 0 if @drained && @workers.empty?
      return if worker.told_at || @drain_at

      was_serving ? say('warn', "worker #{worker.pid} #{cause(status)}; a new one takes its place") : mourn(worker, status)
    end

    # A worker that never got ready: at the start that is the end, later it is tried again.
    def mourn(worker, status)
      unless status.exitstatus == Worker::LOAD_FAILED
        say('error', "worker #{worker.pid} #{cause(status)} while it loaded #{@configuration.path}")
      end
      return @exit_code = 1 unless @served

      @start_at = now + RETRY
    end

    def cause(status)
      status.signaled? ? "was killed by SIG#{Signal.signame(status.termsig)}" : "ended with code #{status.exitstatus}"
    end

    def route(socket)
      worker = @workers.select(&:open?).min_by do |candidate|
        [@substitute.running(candidate), candidate.connections.size]
      end
      worker ? worker.give(socket) : false
    end

    # -- calls that do not end

    def check_calls
      overdue = @substitute.answer_overdue(@workers, now)
      overdue.each do |worker, started|
        next if worker.successor || worker.told_at || now < started + @configuration.timeout + REPLACE_AFTER

        say('warn', "worker #{worker.pid} holds a call that cannot be stopped; a new one takes its place")
        worker.successor = start unless @drain_at
      end
    end

    def retire(worker)
      worker.told_at = now
      worker.kill_at = now + @configuration.timeout + REPLACE_AFTER
      worker.signal('TERM')
    end

    # Has it been told to end, and is nothing in it worth waiting for?
    def finished?(worker)
      return false unless worker.told_at
      return true if now >= worker.kill_at

      now >= worker.told_at + FAREWELL && @substitute.only_lost_calls?(worker)
    end

    # -- the end

    def start_draining
      return if @drain_at

      @board.draining!
      @drain_at = now + @configuration.drain_delay
    end

    def drain
      return if @drained

      @drained = true
      @door.close(now) { |socket| route(socket) }
      @workers.each do |worker|
        worker.told_at = now
        worker.kill_at = now + @configuration.shutdown_timeout
        worker.signal('TERM')
      end
      @exit_code = 0 if @workers.empty?
    end

    # @return [Float, nil] seconds until something must be done
    def patience
      time = now
      ends = @workers.filter_map { |worker| worker.kill_at && [worker.told_at + FAREWELL, worker.kill_at].find { |at| at > time } }
      times = [@substitute.next_look, *ends]
      times << @drain_at if @drain_at && !@drained
      times << @start_at if @start_at > time
      [@door.patience(time), [times.min - time, 0].max].compact.min
    end

    def say(level, text)
      Logs.error(@logs.message(level, text))
    end
  end
end
