# frozen_string_literal: true

module RuntimeKit
  # An error as Ruby prints it, cut to what concerns the function: its own lines and those of its
  # gems, not the frames of the server below them.
  module ErrorText
    OURS = File.expand_path('..', __dir__)
    # What the function goes through to reach one of Sinatra's helpers.
    PASSAGE = File.join(__dir__, 'route_helpers.rb:')
    BACKTRACE = Exception.instance_method(:backtrace)

    # @param error [Exception]
    # @return [String] message, class and stack in UTF-8, without a line end
    def self.of(error)
      # Ruby's message has the file and line; its suggestions, which would come first, do not.
      return "#{message(error).chomp} (#{error.class})" if error.is_a?(SyntaxError)

      shorten(error)
      utf8(error.full_message(highlight: false, order: :top)).chomp
    rescue StandardError, SystemStackError # of the error's own methods
      utf8(["#{message(error)} (#{error.class})", *BACKTRACE.bind_call(error)].join("\n\tfrom "))
    end

    # @param error [Exception]
    # @return [String] UTF-8
    def self.message(error)
      utf8(error.message.to_s)
    rescue StandardError, SystemStackError => e
      "its message cannot be read: #{e.class}"
    end

    def self.shorten(error)
      frames = error.backtrace || []
      own = frames.reject { |frame| frame.start_with?(PASSAGE, '<internal:') }
                  .take_while { |frame| !frame.start_with?(OURS) }
      error.set_backtrace(own) unless own.empty? || error.frozen?
    end

    def self.utf8(text)
      return text.dup.force_encoding(Encoding::UTF_8).scrub if text.encoding == Encoding::BINARY

      text.encode(Encoding::UTF_8, invalid: :replace, undef: :replace).scrub
    end
    private_class_method :shorten, :utf8
  end
end
