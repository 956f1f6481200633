# frozen_string_literal: true

require_relative 'output'
require_relative 'substitute'
require_relative 'uploads'
require_relative 'worker'
require_relative 'worker_handle'

module RuntimeKit
  # The worker processes: starts them, gives them connections, replaces those that died or hold a
  # call that cannot be stopped, and ends them.
  class Workers
    # Seconds past FUNC_TIMEOUT after which a worker that still holds the call is replaced.
    REPLACE_AFTER = 1.25
    # Seconds that a worker which was told to end has for that, when it is in no call.
    FAREWELL = 0.5
    # Seconds between two attempts to start a worker whose predecessor did not get ready.
    RETRY = 1.0

    # @param configuration [Configuration]
    # @param board [Board]
    # @param door [FrontDoor] gets connections back
    # @param on_fork [#call] closes, in a new worker, what only the supervisor needs
    def initialize(configuration, board, door, on_fork)
      @configuration = configuration
      @board = board
      @door = door
      @logs = Logs.format(configuration.log_format)
      @on_fork = on_fork
      @substitute = Substitute.new(board, configuration, @logs)
      @workers = []
      @start_at = 0
    end

    # @return [Array<IO>] what to wait for
    def ios
      @workers.map(&:channel)
    end

    # @return [Integer] how many connections they have
    def connections
      @workers.sum { |worker| worker.connections.size }
    end

    # @return [Boolean] whether there is none left
    def none?
      @workers.empty?
    end

    # Did the first worker end before it was ready? Then the function is at fault.
    def hopeless?
      @hopeless
    end

    # Does what is due.
    def tend(now)
      @workers.each { |worker| worker.listen { |socket| @door.take_back(socket, now) } }
      @workers.select(&:stuck?).each { |worker| replace(worker) }
      @served ||= @board.any_ready?
      start_missing(now) unless @ending || @hopeless
      replace_stuck(now) if now >= @substitute.next_look
      @workers.each do |worker|
        retire(worker, now) if worker.succeeded?
        worker.signal('KILL') if finished?(worker, now)
      end
    end

    # @return [Float] seconds until #tend must be called again
    def patience(now)
      ends = @workers.select(&:told_at).flat_map { |worker| [worker.told_at + FAREWELL, worker.kill_at] }
      due = [@start_at, *ends].select { |at| at > now }
      [[@substitute.next_look, *due].min - now, 0].max
    end

    # Gives a connection to the worker with the least to do.
    # @return [Boolean] false where none could take it now
    def give(socket)
      worker = @workers.select(&:open?).min_by do |candidate|
        [@substitute.running(candidate), candidate.connections.size]
      end
      worker ? worker.give(socket) : false
    end

    # Takes leave of children that ended. As PID 1 we also inherit what a function left behind.
    def reap(now)
      loop do
        pid, status = Process.wait2(-1, Process::WNOHANG)
        break unless pid

        worker = @workers.find { |candidate| candidate.pid == pid }
        bury(worker, status, now) if worker
      end
    rescue Errno::ECHILD
      nil
    end

    # Tells all to finish what they are in, and to end.
    # @param kill_at [Float] when whoever is left is killed
    def finish(now, kill_at)
      @ending = true
      @workers.each { |worker| tell(worker, now, kill_at) }
    end

    private

    # Only the first worker is started at once: a function that cannot be loaded then fails once,
    # and the others follow when it is known to work.
    def start_missing(now)
      wanted = @board.any_ready? ? @configuration.workers : 1
      start if now >= @start_at && @workers.count { |worker| !worker.successor } < wanted
    end

    def start
      slot = (1...@board.slots).find { |index| @workers.none? { |worker| worker.slot == index } } or return
      ours, theirs = UNIXSocket.pair(:SEQPACKET)
      pid = fork do
        ours.close
        @workers.each(&:close)
        @on_fork.call
        Worker.new(@configuration, @board, slot, theirs).run
      end
      theirs.close
      @board.take(slot, pid)
      WorkerHandle.new(slot, pid, ours).tap { |worker| @workers << worker }
    end

    def bury(worker, status, now)
      worker.listen { |socket| @door.take_back(socket, now) }
      busy = @substitute.settle(worker, now)
      worker.unread(busy).each { |socket| @door.take_back(socket, now) }
      @workers.delete(worker)
      @workers.each { |other| other.successor = nil if other.successor == worker }
      worker.close
      Uploads.clear(worker.pid)
      @board.ready(worker.slot, false)
      @board.release(worker.slot)
      explain(worker, status, now) unless worker.told_at
    end

    def explain(worker, status, now)
      return say('warn', "worker #{worker.pid} #{cause(status)}; a new one takes its place") if worker.ready?

      unless status.exitstatus == Worker::LOAD_FAILED
        say('error', "worker #{worker.pid} #{cause(status)} while it loaded #{@configuration.path}")
      end
      # At the start that is the end; a worker that only failed to follow another is tried again.
      @hopeless = true unless @served
      @start_at = now + RETRY
    end

    def cause(status)
      status.signaled? ? "was killed by SIG#{Signal.signame(status.termsig)}" : "ended with code #{status.exitstatus}"
    end

    def replace_stuck(now)
      @substitute.answer_overdue(@workers, now).each do |worker, started|
        replace(worker) if now >= started + @configuration.timeout + REPLACE_AFTER
      end
    end

    def replace(worker)
      return if @ending || worker.successor || worker.told_at

      say('warn', "worker #{worker.pid} holds a call that cannot be stopped; a new one takes its place")
      worker.successor = start
    end

    def retire(worker, now)
      tell(worker, now, now + @configuration.timeout + REPLACE_AFTER)
    end

    def tell(worker, now, kill_at)
      worker.told_at = now
      worker.kill_at = kill_at
      worker.signal('TERM')
    end

    # Has it been told to end, and is nothing in it worth waiting for?
    def finished?(worker, now)
      return false unless worker.told_at
      return true if now >= worker.kill_at

      now >= worker.told_at + FAREWELL && worker.successor && @substitute.only_lost_calls?(worker)
    end

    def say(level, text)
      Output.error(@logs.message(level, text))
    end
  end
end
