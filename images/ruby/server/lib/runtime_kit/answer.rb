# frozen_string_literal: true

require 'json'
require 'set'
require_relative 'http_text'
require_relative 'strict_json'

module RuntimeKit
  # Turns what a handler returned into a response.
  class Answer
    JSON_TYPE = 'application/json'
    BYTES_TYPE = 'application/octet-stream'

    # @param value [Object] what the handler returned
    # @param response [Sinatra::Response] what the handler may have set beside it
    # @return [Sinatra::Response, Rack::Response]
    def self.apply(value, response)
      new(response).apply(await(value))
    end

    # Waits for a Thread, or a promise as of concurrent-ruby. An object that only has a `value` may
    # be plain data and is left alone.
    # @return what it became
    def self.await(value)
      value = value.respond_to?(:value!) ? value.value! : value.value while future?(value)
      value
    end

    def self.future?(value)
      value.is_a?(Thread) || (value.respond_to?(:value) && value.respond_to?(:wait))
    end
    private_class_method :future?

    def initialize(response)
      @response = response
    end

    def apply(value)
      case value
      when nil then @response
      when String then text(value)
      when Symbol then text(value.name)
      when Rack::Response then value
      when Array then triple?(value) ? from_triple(value) : json(value)
      when Hash, Numeric, true, false then json(value)
      when Set then json(value.to_a)
      when Struct then json(value.to_h)
      else value.respond_to?(:each) ? stream(value) : json(value)
      end
    end

    private

    def text(value)
      return set(BYTES_TYPE, [value]) if value.encoding == Encoding::BINARY

      set(HttpText::PLAIN, [value.encoding == Encoding::UTF_8 ? value : value.encode(Encoding::UTF_8)])
    end

    def json(value)
      set(JSON_TYPE, [generate(value)])
    end

    # Bytes of a caller's that are no UTF-8 come back with U+FFFD in their place: they are no error of the
    # function's.
    def generate(value)
      JSON.generate(value, max_nesting: StrictJson::NESTING)
    rescue JSON::GeneratorError, EncodingError
      JSON.generate(scrub(value), max_nesting: StrictJson::NESTING)
    end

    def scrub(value)
      case value
      when String then utf8(value)
      when Hash then value.to_h { |key, member| [scrub(key), scrub(member)] }
      when Array then value.map { |member| scrub(member) }
      else value
      end
    end

    def utf8(text)
      return text.dup.force_encoding(Encoding::UTF_8).scrub if text.encoding == Encoding::BINARY

      text.encode(Encoding::UTF_8, invalid: :replace, undef: :replace).scrub
    end

    # A Rack answer: a list of a status, headers and a body.
    def triple?(value)
      value.size == 3 && value[0].is_a?(Integer) && value[0].between?(100, 599) && value[1].is_a?(Hash) &&
        (value[2].is_a?(String) || value[2].respond_to?(:each))
    end

    def from_triple(value)
      status, headers, body = value
      body = [body] if body.is_a?(String)
      @response.status = status
      headers.each { |name, content| @response[name.to_s.downcase] = content }
      @response.body = body
      @response
    end

    def stream(value)
      set(HttpText::PLAIN, value)
    end

    # A type that the function has set stays.
    def set(type, body)
      @response['content-type'] ||= type
      @response.body = body
      @response
    end
  end
end
