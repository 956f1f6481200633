# frozen_string_literal: true

require_relative 'strict_json'

module RuntimeKit
  # A request that is the caller's fault. The message is for the caller.
  class BadRequest < StandardError
    # @return [Integer] the status of the answer
    def status = 400
  end

  # A charset that nobody knows.
  class UnsupportedCharset < BadRequest
    def initialize(name) = super("Unsupported charset: #{name}")
    def status = 415
  end

  # A request's body as the function gets it.
  module EventData
    JSON_TYPE = %r{\Aapplication/(?:json|[^;\s]+\+json)\s*(?:;|\z)}i
    TEXT_TYPE = %r{\A(?:text/|application/x-www-form-urlencoded\s*(?:;|\z))}i
    MULTIPART_TYPE = %r{\Amultipart/}i
    CHARSET = /;\s*charset\s*=\s*"?([^\s";]+)/i

    # @param env [Hash] a Rack environment
    # @return [Object, nil] the parsed value of JSON, a UTF-8 String of text, a binary String of
    #   anything else; nil where there is no body or the function reads it itself (multipart)
    # @raise [BadRequest]
    def self.read(env)
      type = env['CONTENT_TYPE'] || ''
      return if MULTIPART_TYPE.match?(type)

      bytes = body(env)
      decode(bytes, type) if bytes && !bytes.empty?
    end

    # @return [String, nil] binary; the input can be read again
    def self.body(env)
      return if env['CONTENT_LENGTH'].nil?

      input = env['rack.input']
      input.read.tap { input.rewind }
    end

    # @param bytes [String]
    # @param type [String] a content type, '' where there is none
    def self.decode(bytes, type)
      if JSON_TYPE.match?(type)
        json(text(bytes, type, strict: true))
      elsif type.empty? || TEXT_TYPE.match?(type)
        text(bytes, type)
      else
        bytes.force_encoding(Encoding::BINARY)
      end
    end

    def self.json(text)
      StrictJson.parse(text)
    rescue JSON::ParserError => e
      raise BadRequest, "Malformed JSON: #{e.message.scrub.tr("\r\n", ' ')[0, 200]}"
    end

    # @return [String] UTF-8; what is no text in the charset is replaced, or left where strict
    def self.text(bytes, type, strict: false)
      charset = encoding(type[CHARSET, 1])
      text = bytes.force_encoding(charset)
      return strict ? text : text.scrub if charset == Encoding::UTF_8

      text.encode(Encoding::UTF_8, invalid: :replace, undef: :replace)
    end

    # Names of the web's that Ruby does not know.
    ALIASES = { 'utf8' => 'UTF-8', 'latin1' => 'ISO-8859-1' }.freeze
    # The names that are no charset but a setting of this process.
    SETTINGS = /\A(?:internal|external|locale|filesystem)\z/i

    # @return [Encoding] UTF-8 where there is no name
    # @raise [UnsupportedCharset]
    def self.encoding(name)
      return Encoding::UTF_8 unless name
      raise UnsupportedCharset, name if SETTINGS.match?(name)

      found = Encoding.find(ALIASES.fetch(name.downcase, name))
      # Ruby knows encodings that it cannot convert, and only says so where the text is not ASCII.
      Encoding::Converter.search_convpath(found, Encoding::UTF_8) unless found == Encoding::UTF_8
      found
    rescue ArgumentError, Encoding::ConverterNotFoundError
      raise UnsupportedCharset, name
    end

    private_class_method :json, :text, :encoding
  end
end
