# frozen_string_literal: true

module RuntimeKit
  # Takes a body in chunks apart (RFC 9112, 7.1), however it is cut into packets.
  #
  # Puma's own decoder raises NoMethodError where a trailer comes in pieces, and takes what is no size
  # for one.
  class ChunkedBody
    # The caller's mistake; the message is for the caller.
    class Malformed < StandardError; end

    LINE_END = "\r\n"
    # A size has at most 15 digits, which is far beyond any limit; extensions are skipped.
    SIZE = /\A(\h{1,15})[ \t]*(;.*)?\z/
    LINE_BYTES = 4 * 1024
    TRAILER_BYTES = 16 * 1024
    # How many bytes of extensions there may be beyond those of the body.
    EXCESS_BYTES = 16 * 1024

    def initialize
      @pending = String.new(encoding: Encoding::BINARY)
      @step = :size
      @left = 0
      @excess = 0
      @trailer = 0
    end

    # @param bytes [String] what came next
    # @return [String] what of it is the body's
    # @raise [Malformed]
    def take(bytes)
      @pending << bytes
      body = String.new(encoding: Encoding::BINARY)
      nil while send(@step, body)
      body
    end

    # @return [Boolean] whether the end is there
    def done?
      @step == :done
    end

    # @return [String] what came behind the end
    def rest
      @pending
    end

    private

    # The steps return whether there may be another one to take.

    def size(_body)
      line = shift_line(LINE_BYTES) or return false
      digits, extensions = SIZE.match(line)&.captures
      raise Malformed, 'a chunk has no size' unless digits

      @left = digits.hex
      @excess += extensions.to_s.bytesize - @left
      raise Malformed, 'the extensions of the chunks are too long' if @excess > EXCESS_BYTES

      @step = @left.zero? ? :trailer : :data
      true
    end

    def data(body)
      return false if @pending.empty?

      piece = @pending.slice!(0, @left)
      body << piece
      @left -= piece.bytesize
      @step = :data_end if @left.zero?
      true
    end

    def data_end(_body)
      return false if @pending.bytesize < LINE_END.bytesize
      raise Malformed, 'a chunk is longer than its size' unless @pending.slice!(0, LINE_END.bytesize) == LINE_END

      @step = :size
      true
    end

    # Trailers are not for the function.
    def trailer(_body)
      line = shift_line(TRAILER_BYTES) or return false
      @trailer += line.bytesize
      raise Malformed, 'the trailer is too long' if @trailer > TRAILER_BYTES

      @step = :done if line.empty?
      true
    end

    def done(_body)
      false
    end

    # @return [String, nil] nil where the line is not there yet
    def shift_line(limit)
      length = @pending.index(LINE_END)
      raise Malformed, 'a line of the chunks is too long' if (length || @pending.bytesize) > limit

      length && @pending.slice!(0, length + LINE_END.bytesize).delete_suffix!(LINE_END)
    end
  end
end
