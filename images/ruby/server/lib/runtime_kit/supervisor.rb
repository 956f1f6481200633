# frozen_string_literal: true

require_relative 'board'
require_relative 'counters'
require_relative 'front_door'
require_relative 'output'
require_relative 'workers'

module RuntimeKit
  # The first process. It listens, hands connections to workers and looks after them, and never runs
  # a line of the function: nothing that a function does can keep it from its work.
  class Supervisor
    # @param configuration [Configuration]
    # @raise [Configuration::Invalid] the port cannot be had
    def initialize(configuration)
      @configuration = configuration
      # Twice the workers: a replacement gets ready while its predecessor still serves.
      @board = Board.new(slots: 1 + (2 * configuration.workers), calls_per_slot: configuration.threads,
                         counters: Counters::CELLS)
      @board.take(0, Process.pid)
      Output.share(@board)
      @door = FrontDoor.new(configuration.port, @board)
      @workers = Workers.new(configuration, @board, @door, method(:let_go))
    end

    # Serves until a signal ends it.
    # @return [Integer] the exit code
    def run
      Worker.preload
      @signals, @signal_writer = IO.pipe
      trap_signals
      turn until @workers.hopeless? || (@closed && @workers.none?)
      @workers.hopeless? ? 1 : 0
    ensure
      @door.abandon
    end

    private

    def now
      Process.clock_gettime(Process::CLOCK_MONOTONIC)
    end

    def turn
      readable, = IO.select([@signals, *@workers.ios, *@door.ios], nil, nil, patience)
      readable ||= []
      take_signals if readable.include?(@signals)
      @workers.tend(now)
      @door.tend(readable, now, @workers.connections) { |socket| @workers.give(socket) }
      close if @close_at && !@closed && now >= @close_at
    end

    # @return [Float] seconds until something must be done though nothing is readable
    def patience
      time = now
      closing = [@close_at - time, 0].max if @close_at && !@closed
      [@workers.patience(time), @door.patience(time), closing].compact.min
    end

    # Handlers only write to a pipe: little else is safe in them.
    def trap_signals
      { 'TERM' => 'T', 'INT' => 'T', 'CHLD' => 'C' }.each do |signal, letter|
        trap(signal) { @signal_writer.write_nonblock(letter, exception: false) }
      end
    end

    def take_signals
      letters = @signals.read_nonblock(64)
      start_draining if letters.include?('T')
      @workers.reap(now) if letters.include?('C')
    end

    # Serves on, while load balancers learn from /healthz that we are about to go.
    def start_draining
      return if @board.draining?

      @board.draining!
      @close_at = now + @configuration.drain_delay
    end

    def close
      @closed = true
      @door.close(now, @workers.connections) { |socket| @workers.give(socket) }
      @workers.finish(now, now + @configuration.shutdown_timeout)
    end

    # In a new worker.
    def let_go
      @door.abandon
      @signals.close
      @signal_writer.close
    end
  end
end
