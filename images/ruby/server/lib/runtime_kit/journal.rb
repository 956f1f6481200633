# frozen_string_literal: true

require_relative 'access_log'
require_relative 'counters'
require_relative 'deadlines'
require_relative 'logs'
require_relative 'output'
require_relative 'running_calls'

module RuntimeKit
  # What a worker writes down: running calls, counters, access lines, errors.
  class Journal
    attr_reader :calls, :deadlines

    # @param board [Board]
    # @param slot [Integer] the worker's
    # @param configuration [Configuration]
    # @param on_leftover [#call] see Deadlines
    def initialize(board, slot, configuration, on_leftover)
      @calls = RunningCalls.new(board.calls(slot), board.call_size)
      @counters = Counters.new(board.counters(slot))
      @access = AccessLog.new(board.log(slot))
      @format = Logs.format(configuration.log_format)
      @deadlines = Deadlines.new(configuration.timeout, on_leftover)
    end

    # Starts the threads.
    def start
      @access.start
      @deadlines.start
    end

    # A call that has ended. The options are those of Counters#count.
    def count(fields, seconds, **outcome)
      @counters.count(fields[1], seconds, **outcome)
    end

    # The access line of a call, or of a request that did not become one.
    def log(fields, status, bytes, seconds)
      @access << @format.access(fields, status, bytes, seconds)
    end

    # @param error [Exception]
    def report(error)
      Output.error(@format.error(error))
    end

    def flush
      @access.flush
    end
  end
end
