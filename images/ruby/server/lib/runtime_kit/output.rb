# frozen_string_literal: true

module RuntimeKit
  # The server's own lines on standard output and standard error.
  #
  # They go to descriptors that only the server has: a function may close or redirect its streams. What a
  # function prints appears at once, also a part of a line; a line of the server's then starts on a new
  # line. The board keeps whether there is such a part, as any process of the container may be the next to
  # print.
  module Output
    STREAMS = { 1 => STDOUT, 2 => STDERR }.freeze
    LINE_END = "\n".ord

    # Prepended to both streams.
    module Noticed
      def write(*texts)
        texts = texts.map(&:to_s)
        super.tap { Output.printed(fileno, texts.reverse_each.find { |text| !text.empty? }) }
      end
    end

    # In the first process, before there are others.
    # @param board [Board]
    def self.share(board)
      @board = board
      @own = STREAMS.transform_values { |stream| stream.dup.tap { |own| own.sync = true } }
      STREAMS.each_value { |stream| stream.singleton_class.prepend(Noticed) }
    end

    # Standard output.
    # @param text [String] whole lines
    def self.line(text)
      write(1, text)
    end

    # Standard error, one write a message so that messages of two processes do not mix.
    # @param text [String] whole lines
    def self.error(text)
      write(2, text)
    end

    # The function has written to one of its streams.
    # @param text [String, nil] the last piece
    def self.printed(descriptor, text)
      @board.part_printed(descriptor, text.getbyte(-1) != LINE_END) if text && STREAMS.key?(descriptor)
    end

    def self.write(descriptor, text)
      if @board&.part_printed?(descriptor)
        @board.part_printed(descriptor, false)
        text = "\n#{text}"
      end
      (@own || STREAMS).fetch(descriptor).write(text)
    rescue SystemCallError, IOError
      nil # nobody reads our output any more
    end
    private_class_method :write
  end
end
