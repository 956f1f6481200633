# frozen_string_literal: true

module RuntimeKit
  # The headers that say where an answer ends and what becomes of its connection. They are the server's:
  # a function that passes on the answer of another server may bring along what is not true here.
  module Framing
    OURS = %w[connection keep-alive proxy-connection te trailer transfer-encoding upgrade]
           .to_h { |name| [name, true] }.freeze
    LENGTH = /\A\d{1,15}\z/

    # Corrects the headers; with `connection: close` the connection is closed.
    # @param env [Hash] a Rack environment
    # @param headers [Rack::Headers, Rack::Utils::HeaderHash]
    # @param body [Array<String>, #each]
    def self.correct(env, headers, body)
      close(env) if /\bclose\b/i.match?(headers['connection'].to_s)
      headers.delete_if { |name, _| OURS.key?(name.downcase) }
      correct_length(env, headers, body) if headers.key?('content-length')
    end

    # Has the connection closed after the answer.
    def self.close(env)
      env['HTTP_CONNECTION'] = 'close' # where Puma looks
    end

    # The length of a stream is what the function says: StreamBody sees to it. Nor can we know better what
    # GET would answer where HEAD has no body.
    def self.correct_length(env, headers, body)
      if body.is_a?(Array)
        return if env['REQUEST_METHOD'] == 'HEAD' && body == ['']

        headers['content-length'] = body.sum(&:bytesize).to_s
      elsif !LENGTH.match?(headers['content-length'].to_s)
        headers.delete('content-length')
      end
    end
    private_class_method :correct_length
  end
end
