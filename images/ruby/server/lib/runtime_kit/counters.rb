# frozen_string_literal: true

require_relative 'board'

module RuntimeKit
  # What the metrics count, for each HTTP method, in the cells of one board slot.
  class Counters
    # The label values. A fixed list keeps the board small and the page short; a method that callers make
    # up is OTHER.
    METHODS = %w[GET HEAD POST PUT PATCH DELETE OPTIONS OTHER].freeze
    # Upper bounds of the histogram in seconds.
    BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
               180].freeze

    CALLS = 0
    FAILURES = 1
    TIMEOUTS = 2
    SECONDS = 3
    FIRST_BUCKET = 4

    CELLS_PER_METHOD = FIRST_BUCKET + BUCKETS.size
    CELLS = CELLS_PER_METHOD * METHODS.size

    INDEX = METHODS.each_with_index.to_h { |name, index| [name, index * CELLS_PER_METHOD] }.freeze
    OTHER = INDEX.fetch('OTHER')

    # @param cells [IO::Buffer] from Board#counters; only one process may count in it
    def initialize(cells)
      @cells = cells
      @mutex = Mutex.new
    end

    # Counts a call that has ended.
    # @param method [String]
    # @param seconds [Float] its duration
    # @param failed [Boolean] it ended in an error or a timeout
    # @param timed_out [Boolean]
    def count(method, seconds, failed: false, timed_out: false)
      first = INDEX.fetch(method, OTHER)
      bucket = BUCKETS.bsearch_index { |bound| seconds <= bound }
      @mutex.synchronize do
        add(first + CALLS, 1)
        add(first + FAILURES, 1) if failed
        add(first + TIMEOUTS, 1) if timed_out
        add(first + SECONDS, seconds)
        add(first + FIRST_BUCKET + bucket, 1) if bucket
      end
    end

    # @return [Array<Float>] all cells, CELLS_PER_METHOD for each method, buckets not cumulative
    def to_a
      Array.new(CELLS) { |cell| @cells.get_value(:F64, cell * Board::CELL) }
    end

    private

    def add(cell, amount)
      offset = cell * Board::CELL
      @cells.set_value(:F64, offset, @cells.get_value(:F64, offset) + amount)
    end
  end
end
