# frozen_string_literal: true

require 'json'

module RuntimeKit
  # JSON as RFC 8259 has it: Ruby's parser takes some texts that are none.
  module StrictJson
    # A slash outside of strings: Ruby's parser takes it for the begin of a comment.
    COMMENT = %r{\A(?:[^"/]++|"(?:[^"\\]++|\\.)*+")*+/}m

    ESCAPED_BACKSLASH = '\\' * 2

    # To be looked for where no backslash is escaped. Ruby's parser passes over the backslash of an unknown
    # escape, and makes bytes that are no UTF-8, or another character, of a surrogate without its other half.
    #
    # Nothing in it repeats: Ruby needs memory for each turn of what does.
    BAD_ESCAPE = %r{
      \\(?!
        ["/bfnrt]
        | u(?![dD][89a-fA-F])\h{4}
        | u[dD][89abAB]\h\h\\u[dD][c-fC-F]\h\h
        | (?<=\\u[dD][89abAB]\h\h\\)u[dD][c-fC-F]\h\h
      )
    }x

    BYTE_ORDER_MARK = "\u{FEFF}"

    # Deep enough for any document, and far from the end of the stack.
    NESTING = 512

    # @param text [String] UTF-8
    # @return [Object]
    # @raise [JSON::ParserError]
    def self.parse(text)
      raise JSON::ParserError, 'the text is not valid UTF-8' unless text.valid_encoding?

      # A byte order mark is no JSON; RFC 8259, 8.1, lets a parser pass over it.
      text = text.delete_prefix(BYTE_ORDER_MARK)
      raise JSON::ParserError, 'it has a comment' if text.include?('/') && COMMENT.match?(text)
      raise JSON::ParserError, 'it has an invalid escape' if text.include?('\\') && bad_escape?(text)

      JSON.parse(text, max_nesting: NESTING)
    end

    def self.bad_escape?(text)
      text = text.gsub(ESCAPED_BACKSLASH, ' ') if text.include?(ESCAPED_BACKSLASH)
      BAD_ESCAPE.match?(text)
    end
    private_class_method :bad_escape?
  end
end
