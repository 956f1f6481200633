# frozen_string_literal: true

module RuntimeKit
  # CORS: which pages of other origins may call the function from a browser.
  class CrossOrigin
    METHODS = 'GET,HEAD,PUT,PATCH,POST,DELETE'
    ORIGIN = 'access-control-allow-origin'

    # @param origin [String, nil] '*', an origin, or nil for none at all
    def initialize(origin)
      @origin = origin
    end

    # @param env [Hash] a Rack environment
    # @return [Array, nil] the answer to a preflight; nil for all else, a plain OPTIONS too
    def preflight(env)
      return unless @origin && env['REQUEST_METHOD'] == 'OPTIONS' && env['HTTP_ACCESS_CONTROL_REQUEST_METHOD']

      asked = env['HTTP_ACCESS_CONTROL_REQUEST_HEADERS']
      headers = { 'access-control-allow-methods' => METHODS }
      headers.update('access-control-allow-headers' => asked, 'vary' => 'Access-Control-Request-Headers') if asked
      [204, headers, []]
    end

    # @param headers [Hash] of an answer; what the function set stays
    def allow(headers)
      return if @origin.nil? || headers.key?(ORIGIN)

      headers[ORIGIN] = @origin
      headers['vary'] ||= 'Origin' unless @origin == '*'
    end
  end
end
