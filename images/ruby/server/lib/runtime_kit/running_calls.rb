# frozen_string_literal: true

require_relative 'board'

module RuntimeKit
  # The calls a worker is in, on the board, so that the supervisor can answer and account for them
  # when the worker no longer can.
  #
  # A record is five cells (connection, start, state, length of the text, whether it is counted) and the
  # text, which holds the request's fields for the access log. A connection of 0 means that the record is free.
  class RunningCalls
    STARTED = Board::CELL
    STATE = 2 * Board::CELL
    LENGTH = 3 * Board::CELL
    COUNTED = 4 * Board::CELL
    TEXT = Board::CALL_CELLS * Board::CELL

    # The worker has not begun to answer.
    RUNNING = 0
    # The head of the answer may be with the client: only the worker can go on.
    ANSWERING = 1
    # The supervisor has answered and accounted for the call.
    TAKEN = 2

    SEPARATOR = "\0"

    # A record as read. `started` is of the monotonic clock, in seconds.
    Record = Struct.new(:index, :connection, :started, :state, :fields, :counted)

    # @param memory [IO::Buffer] from Board#calls
    # @param size [Integer] bytes of one record
    def initialize(memory, size)
      @memory = memory
      @size = size
      @free = (0...(memory.size / size)).to_a
      @mutex = Mutex.new
    end

    # -- the worker's side

    # @param connection [Integer] the connection's id, above 0
    # @param started [Float]
    # @param fields [Array<String>] see AccessFields
    # @return [Integer] the record's index
    def start(connection, started, fields)
      index = @mutex.synchronize { @free.pop } or raise 'more calls than threads'
      start = index * @size
      text = fields.join(SEPARATOR)
      text = text.byteslice(0, Board::CALL_TEXT) if text.bytesize > Board::CALL_TEXT
      @memory.set_string(text, start + TEXT)
      @memory.set_value(:U64, start + LENGTH, text.bytesize)
      @memory.set_value(:U64, start + STATE, RUNNING)
      @memory.set_value(:U64, start + COUNTED, 0)
      @memory.set_value(:F64, start + STARTED, started)
      # Last, because it makes the record count.
      @memory.set_value(:U64, start, connection)
      index
    end

    def answering(index)
      @memory.set_value(:U64, (index * @size) + STATE, ANSWERING) unless taken?(index)
    end

    # The worker accounts for the call from here on, even where it dies before the record is free.
    def counted(index)
      @memory.set_value(:U64, (index * @size) + COUNTED, 1)
    end

    def taken?(index)
      @memory.get_value(:U64, (index * @size) + STATE) == TAKEN
    end

    def finish(index)
      @memory.set_value(:U64, index * @size, 0)
      @mutex.synchronize { @free.push(index) }
    end

    # -- the supervisor's side

    # @return [Array<Record>] the calls that are running now
    def to_a
      (0...(@memory.size / @size)).filter_map { |index| read(index) }
    end

    # @return [Integer]
    def count
      (0...(@memory.size / @size)).count { |index| @memory.get_value(:U64, index * @size).positive? }
    end

    def take(index)
      @memory.set_value(:U64, (index * @size) + STATE, TAKEN)
    end

    # After the worker's death: nobody is in a call any more.
    def clear
      (0...(@memory.size / @size)).each { |index| @memory.set_value(:U64, index * @size, 0) }
    end

    private

    def read(index)
      start = index * @size
      connection = @memory.get_value(:U64, start)
      return if connection.zero?

      text = @memory.get_string(start + TEXT, @memory.get_value(:U64, start + LENGTH))
      Record.new(index, connection, @memory.get_value(:F64, start + STARTED),
                 @memory.get_value(:U64, start + STATE), text.split(SEPARATOR, -1),
                 @memory.get_value(:U64, start + COUNTED) == 1)
    end
  end
end
