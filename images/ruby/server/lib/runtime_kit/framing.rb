# frozen_string_literal: true

module RuntimeKit
  # The headers that say where an answer ends and what becomes of its connection. They are the server's:
  # a function that passes on the answer of another server may bring along what is not true here.
  module Framing
    LENGTH = 'content-length'
    OURS = %W[#{LENGTH} connection keep-alive proxy-connection te trailer transfer-encoding upgrade]
           .to_h { |name| [name, true] }.freeze
    NUMBER = /\A\d{1,15}\z/

    # Corrects what the function has set; with `connection: close` the connection is closed.
    # @param env [Hash] a Rack environment
    # @param headers [Rack::Headers, Rack::Utils::HeaderHash]
    # @param body [Array<String>, #each]
    def self.correct(env, headers, body)
      ours = nil
      headers.each_key { |name| (ours ||= []) << name if OURS.key?(name.downcase) }
      ours&.each { |name| correct_one(env, headers, name, body) }
    end

    # Has the connection closed after the answer.
    def self.close(env)
      env['HTTP_CONNECTION'] = 'close' # where Puma looks
    end

    def self.correct_one(env, headers, name, body)
      return if name.casecmp?(LENGTH) && length_holds?(env, headers[name], body)

      close(env) if name.casecmp?('connection') && /\bclose\b/i.match?(headers[name].to_s)
      headers.delete(name)
    end

    # The length of an array is counted when it is sent. Only the function knows that of a stream, to which
    # StreamBody holds it, and of what GET would answer where HEAD has no body.
    def self.length_holds?(env, length, body)
      return env['REQUEST_METHOD'] == 'HEAD' && body.all?(&:empty?) if body.is_a?(Array)

      NUMBER.match?(length.to_s)
    end
    private_class_method :correct_one, :length_holds?
  end
end
