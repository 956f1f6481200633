# frozen_string_literal: true

require_relative 'board'
require_relative 'output'

module RuntimeKit
  # Access lines in batches: a write for each line would cost a fifth of the throughput. What waits
  # lies on the board, so that the supervisor can print it when the worker dies.
  class AccessLog
    # Seconds from the first waiting line to the write; the contract allows 0.1 in all.
    DELAY = 0.04
    # A write up to this size is never mixed with another process's on the same pipe (PIPE_BUF).
    WHOLE = 4096
    TEXT = Board::CELL

    # @param memory [IO::Buffer] from Board#log
    def initialize(memory)
      @memory = memory
      @room = memory.size - TEXT
      @length = memory.get_value(:U64, 0)
      @mutex = Mutex.new
      @waiting = ConditionVariable.new
    end

    # Starts the thread that prints. Threads do not survive a fork, so this is the worker's to call.
    def start
      @thread = Thread.new do
        loop do
          @mutex.synchronize { @waiting.wait(@mutex) while @length.zero? }
          sleep DELAY
          flush
        end
      end
      self
    end

    # @param line [String] one line with its end
    def <<(line)
      @mutex.synchronize do
        print_all if @length + line.bytesize > @room
        next self.class.print(line) if line.bytesize > @room

        @memory.set_string(line, TEXT + @length)
        @waiting.signal if @length.zero?
        @length += line.bytesize
        @memory.set_value(:U64, 0, @length)
      end
    end

    # Prints what waits.
    def flush
      @mutex.synchronize { print_all }
    end

    # @param text [String] binary, whole lines
    def self.print(text)
      until text.empty?
        size = text.bytesize
        size = (text.rindex("\n", WHOLE - 1) || text.index("\n") || size) + 1 if size > WHOLE
        Output.line(text.byteslice(0, size))
        text = text.byteslice(size, text.bytesize)
      end
    end

    private

    def print_all
      return if @length.zero?

      text = @memory.get_string(TEXT, @length)
      # Before the write: a line must not be printed twice if the worker dies during it.
      @memory.set_value(:U64, 0, @length = 0)
      self.class.print(text)
    end
  end
end
