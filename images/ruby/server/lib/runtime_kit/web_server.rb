# frozen_string_literal: true

require 'puma'
require 'puma/server'
require_relative 'http_text'
require_relative 'request_limits'
require_relative 'thread_replacement'

module RuntimeKit
  # Puma, set up to take its connections from an inbox. Covers the differences between Puma 5 and 6.
  module WebServer
    # Seconds for the next piece of a request; for the next request on a connection.
    PIECE = 10
    NEXT = 65

    # @param application [#call] a Rack application
    # @param inbox [Inbox]
    # @param configuration [Configuration]
    # @param report [#call] gets an error that is nobody's answer
    # @return [Puma::Server]
    def self.build(application, inbox, configuration, report)
      RequestLimits.install(configuration)
      ThreadReplacement.install
      server = create(application, options(configuration, report))
      server.inherit_binder(inbox.borrow_env(server.binder))
      server
    end

    # @return [Hash{Symbol => Object}]
    def self.options(configuration, report)
      { min_threads: 1, max_threads: configuration.threads, environment: 'production',
        first_data_timeout: PIECE, persistent_timeout: NEXT, drain_on_shutdown: true,
        # Puma 6 would refuse methods itself, Puma 5 would not; the application decides.
        supported_http_methods: :any,
        lowlevel_error_handler: ->(error, _env, status = 500) { low_level(error, status, report) } }
    end

    # An error that is not the application's: bad HTTP, or a fault in the server.
    def self.low_level(error, status, report)
      status = 400 if error.is_a?(Puma::HttpParserError)
      report.call(error) if status >= 500
      body = status < 500 ? "Malformed HTTP: #{error.message.lines.first.to_s.chomp[0, 200]}" : HttpText::ERROR
      [status, { 'content-type' => HttpText::PLAIN, 'connection' => 'close' }, [body.scrub]]
    end

    def self.create(application, options)
      return Puma::Server.new(application, Puma::Events.null, options) unless defined?(Puma::LogWriter)

      Puma::Server.new(application, nil, options.merge(log_writer: Puma::LogWriter.null))
    end
    private_class_method :create, :low_level
  end
end
