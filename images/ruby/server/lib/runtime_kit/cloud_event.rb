# frozen_string_literal: true

require 'base64'
require_relative 'event_data'

module RuntimeKit
  # CloudEvents 1.0 over HTTP, in both modes.
  module CloudEvent
    STRUCTURED = %r{\Aapplication/cloudevents\+json\s*(?:;|\z)}i
    REQUIRED = %w[specversion id source type].freeze
    HEADER = 'HTTP_CE_'

    # @param env [Hash] a Rack environment
    # @return [Hash{String => String}, nil] the ce-* headers without "ce-", nil where there is none
    def self.from_headers(env)
      attributes = nil
      env.each do |key, value|
        next unless key.start_with?(HEADER)

        (attributes ||= {})[key.delete_prefix(HEADER).downcase.tr('_', '-')] = unescape(value)
      end
      attributes
    end

    # @param document [Object] the parsed body
    # @return [Array(Hash, Object)] the attributes and the data; data_base64 becomes a binary String
    # @raise [BadRequest] naming the attribute
    def self.unpack(document)
      raise BadRequest, 'Malformed CloudEvent: the body is not a JSON object' unless document.is_a?(Hash)

      missing = REQUIRED.find { |name| !document[name].is_a?(String) || document[name].empty? }
      raise BadRequest, "Malformed CloudEvent: the required attribute #{missing} is missing" if missing

      [document.except('data', 'data_base64'), data(document)]
    end

    def self.data(document)
      return document['data'] unless document.key?('data_base64')

      Base64.strict_decode64(document['data_base64'])
    rescue ArgumentError, TypeError, NoMethodError
      raise BadRequest, 'Malformed CloudEvent: data_base64 is not base64'
    end

    # The HTTP binding percent-encodes what a header cannot carry.
    def self.unescape(value)
      value.gsub(/%\h\h/) { |code| code[1, 2].hex.chr }.force_encoding(Encoding::UTF_8).scrub
    end

    private_class_method :data, :unescape
  end
end
