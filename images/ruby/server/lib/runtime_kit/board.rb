# frozen_string_literal: true

require 'tempfile'

module RuntimeKit
  # Numbers that all processes of the container share: a file in memory, mapped before the first
  # fork and unlinked at once. A worker writes here what must outlive it (counters, the calls it is
  # in, access lines not yet printed), so a killed worker loses nothing.
  #
  # The board is divided into slots. Each has one writer: slot 0 belongs to the supervisor, the
  # others to one worker at a time. A worker that takes over a slot counts on from what is there,
  # which is why totals never go backwards.
  class Board
    # Bytes of one number.
    CELL = 8
    HEADER_CELLS = 4

    # A place for one call that is running: a few numbers and a text.
    CALL_CELLS = 5
    CALL_TEXT = 2048
    # Access lines that wait to be printed.
    LOG_BYTES = 64 * 1024

    attr_reader :slots, :calls_per_slot, :started_at

    # @param slots [Integer] how many, slot 0 included
    # @param calls_per_slot [Integer] how many calls a worker can run at a time
    # @param counters [Integer] how many counters each slot has
    def initialize(slots:, calls_per_slot:, counters:)
      @slots = slots
      @calls_per_slot = calls_per_slot
      @counters = counters
      @memory = map_shared(slot_start(slots))
      @started_at = Time.now.to_f
    end

    # -- the container's state

    def draining?
      @memory.get_value(:U64, 0) == 1
    end

    def draining!
      @memory.set_value(:U64, 0, 1)
    end

    # Was the last thing that the function printed to a descriptor, 1 or 2, less than a line?
    def part_printed?(descriptor)
      @memory.get_value(:U64, descriptor * CELL) == 1
    end

    def part_printed(descriptor, value)
      @memory.set_value(:U64, descriptor * CELL, value ? 1 : 0)
    end

    # -- the processes: 0 where a slot has none

    def pid(slot)
      @memory.get_value(:U64, slot_start(slot))
    end

    def take(slot, pid)
      @memory.set_value(:U64, slot_start(slot), pid)
    end

    def release(slot)
      @memory.set_value(:U64, slot_start(slot), 0)
    end

    # A worker is ready when its function is loaded.
    def ready?(slot)
      @memory.get_value(:U64, slot_start(slot) + CELL) == 1
    end

    def ready(slot, value)
      @memory.set_value(:U64, slot_start(slot) + CELL, value ? 1 : 0)
    end

    # @return [Boolean] whether any worker can be called
    def any_ready?
      (1...slots).any? { |slot| ready?(slot) }
    end

    # -- views on parts of a slot

    # @return [IO::Buffer] `counters` cells of type :F64
    def counters(slot)
      @memory.slice(slot_start(slot) + (HEADER_CELLS * CELL), @counters * CELL)
    end

    # @return [IO::Buffer] `calls_per_slot` records of CALL_CELLS cells and CALL_TEXT bytes
    def calls(slot)
      @memory.slice(calls_start(slot), @calls_per_slot * call_size)
    end

    # @return [IO::Buffer] one cell with the length, then the text
    def log(slot)
      @memory.slice(calls_start(slot) + (@calls_per_slot * call_size), LOG_BYTES)
    end

    def call_size
      (CALL_CELLS * CELL) + CALL_TEXT
    end

    private

    # The first page is the board's own; slots follow.
    def slot_start(slot)
      4096 + (slot * (((HEADER_CELLS + @counters) * CELL) + (@calls_per_slot * call_size) + LOG_BYTES))
    end

    def calls_start(slot)
      slot_start(slot) + ((HEADER_CELLS + @counters) * CELL)
    end

    def map_shared(bytes)
      file = Tempfile.create('runtime-kit')
      File.unlink(file.path)
      file.truncate(bytes)
      IO::Buffer.map(file, bytes)
    ensure
      file&.close
    end
  end
end
