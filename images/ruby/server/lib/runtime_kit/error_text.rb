# frozen_string_literal: true

module RuntimeKit
  # An error as Ruby prints it, cut to what concerns the function: its own lines and those of its
  # gems, not the frames of the server below them.
  module ErrorText
    OURS = File.expand_path('..', __dir__)

    # @param error [Exception]
    # @return [String] message, class and stack, without a line end
    def self.of(error)
      # Ruby's message has the file and line; its suggestions, which would come first, do not.
      return "#{error.message.chomp} (#{error.class})" if error.is_a?(SyntaxError)

      shorten(error)
      error.full_message(highlight: false, order: :top).chomp
    end

    def self.shorten(error)
      frames = error.backtrace || []
      own = frames.take_while { |frame| !frame.start_with?(OURS) }.reject { |frame| frame.start_with?('<internal:') }
      error.set_backtrace(own) unless own.empty? || error.frozen?
    end
    private_class_method :shorten
  end
end
