# frozen_string_literal: true

module RuntimeKit
  # The answers with a fixed text, the same in every language.
  module HttpText
    PLAIN = 'text/plain; charset=utf-8'

    OK = 'OK'
    STARTING = 'Starting'
    DRAINING = 'Draining'
    ERROR = 'Internal Server Error'
    TIMEOUT = 'Request timeout exceeded'

    REASONS = { 200 => 'OK', 408 => 'Request Timeout', 500 => 'Internal Server Error',
                503 => 'Service Unavailable' }.freeze

    # What GET /healthz answers now.
    # @param board [Board]
    # @return [Array(Integer, String)] status and body
    def self.health(board)
      return [503, DRAINING] if board.draining?
      return [503, STARTING] unless board.any_ready?

      [200, OK]
    end

    # A whole answer for a socket that no HTTP server looks after any more.
    # @param status [Integer] one of REASONS
    # @param headers [Hash{String => String}]
    # @param head [Boolean] whether the request was HEAD
    # @return [String]
    def self.answer(status, body, headers = {}, head: false)
      lines = { 'content-type' => PLAIN, 'content-length' => body.bytesize, 'connection' => 'close' }
              .merge(headers).map { |name, value| "#{name}: #{value}\r\n" }
      "HTTP/1.1 #{status} #{REASONS.fetch(status)}\r\n#{lines.join}\r\n#{body unless head}"
    end
  end
end
