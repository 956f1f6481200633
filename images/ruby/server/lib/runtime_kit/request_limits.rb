# frozen_string_literal: true

require 'puma'
require 'puma/server'
require 'uri'
require_relative 'chunked_body'

module RuntimeKit
  # Puma reads a request whole before it calls the application, into a file where it is long. Neither
  # of the two versions can stop at a size for chunked bodies, or at a size or time for the head. This
  # module, prepended to Puma::Client, does.
  #
  # A body over the limit is left unread: the request goes to the application with TOO_LARGE set.
  module RequestLimits
    # In the Rack environment: the limit in MiB, where the body is over it, with its variable's name.
    TOO_LARGE = 'runtime_kit.too_large'

    HEAD_BYTES = 16 * 1024
    HEAD_SECONDS = 10

    # Where Puma's parser leaves the version.
    PROTOCOL = Puma::Const::PUMA_VERSION.to_i >= 6 ? 'SERVER_PROTOCOL' : 'HTTP_VERSION'
    VERSIONS = %w[HTTP/1.1 HTTP/1.0].freeze

    MULTIPART = %r{\Amultipart/}i

    class << self
      # @return [Integer] bytes
      attr_accessor :body_limit, :multipart_limit

      # @return [Boolean] the worker ends: connections between two requests go back
      attr_accessor :giving_back
    end

    # @param configuration [Configuration]
    def self.install(configuration)
      self.body_limit = configuration.body_limit
      self.multipart_limit = configuration.multipart_limit
      Puma::Client.prepend(self)
    end

    def try_to_finish
      finished = super
      # Puma's own limit is 112 KiB.
      raise Puma::HttpParserError, 'head too long' if !finished && !in_data_phase && @parsed_bytes > HEAD_BYTES

      finished
    end

    # Puma grants the time anew with every byte; a head gets it once.
    def set_timeout(seconds)
      super
      return @head_due = nil if can_close? || in_data_phase

      @head_due ||= Process.clock_gettime(Process::CLOCK_MONOTONIC) + HEAD_SECONDS
      @timeout_at = [@timeout_at, @head_due].min
    end

    # Puma's way to end a connection that is idle, or too slow.
    def timeout!
      return super unless RequestLimits.giving_back && can_close? && !in_data_phase

      @io.give_back
      raise Puma::ConnectionError
    end

    private

    def setup_body
      raise Puma::HttpParserError, 'head too long' if @parsed_bytes > HEAD_BYTES

      raise Puma::HttpParserError, 'not HTTP/1.0 or HTTP/1.1' unless VERSIONS.include?(@env[PROTOCOL])

      check_host
      check_target unless @env['REQUEST_PATH']
      return refuse_body if @env['CONTENT_LENGTH'].to_i > limit

      super.tap { |finished| split_off_next if finished && !@chunked_body }
    rescue Puma::HttpParserError501 => e
      raise Puma::HttpParserError, e.message # a transfer encoding that nobody knows
    end

    # Puma joins headers of one name with a comma, which is in no host's name.
    def check_host
      host = @env['HTTP_HOST']
      raise Puma::HttpParserError, 'the Host header is missing' if host.nil? && @env[PROTOCOL] == 'HTTP/1.1'
      raise Puma::HttpParserError, 'there is more than one Host header' if host&.include?(',')
    end

    # A target that is no path. Puma takes the path out of a whole URL, and fails on all else.
    def check_target
      uri = URI.parse(@env['REQUEST_URI'].to_s)
      raise Puma::HttpParserError, 'the request target has no path' unless uri.path
    rescue URI::Error
      raise Puma::HttpParserError, 'the request target is no URL'
    end

    # What Puma 5 has read beyond the body is the next request, not a part of this one.
    def split_off_next
      length = @env['CONTENT_LENGTH'].to_i
      return unless @body.is_a?(StringIO) && @body.size > length

      bytes = @body.string
      @body = StringIO.new(bytes.byteslice(0, length))
      @buffer = bytes.byteslice(length, bytes.bytesize)
    end

    def setup_chunked_body(_body)
      @chunks = ChunkedBody.new
      super
    end

    def decode_chunk(bytes)
      write_chunk(@chunks.take(bytes))
      return refuse_body if @chunked_content_length > limit
      return false unless @chunks.done?

      @body.rewind
      @buffer = @chunks.rest.empty? ? nil : @chunks.rest
      set_ready
      true
    rescue ChunkedBody::Malformed => e
      raise Puma::HttpParserError, e.message
    end

    def limit
      multipart? ? RequestLimits.multipart_limit : RequestLimits.body_limit
    end

    def multipart?
      MULTIPART.match?(@env['CONTENT_TYPE'] || '')
    end

    def refuse_body
      @env[TOO_LARGE] = multipart? ? 'REQ_MULTIPART_MB_LIMIT' : 'REQ_MB_LIMIT'
      @env['HTTP_CONNECTION'] = 'close' # what follows on this connection is no request
      @read_header = false
      @body = Puma::Client::EmptyBody
      @buffer = nil
      set_ready
      true
    end
  end
end
