# frozen_string_literal: true

require_relative 'call'
require_relative 'cross_origin'
require_relative 'event'
require_relative 'framing'
require_relative 'function_app'
require_relative 'http_text'
require_relative 'metrics_page'
require_relative 'request_limits'
require_relative 'stream_body'

module RuntimeKit
  # What Puma calls: everything about a request that is not Sinatra's or the function's.
  class Application
    # No array: Puma would say how long it is.
    NO_CHUNKS = [].each.freeze
    PROBE_METHODS = %w[GET HEAD].freeze

    # @param app [FunctionApp]
    # @param board [Board]
    # @param journal [Journal]
    # @param configuration [Configuration]
    def initialize(app, board, journal, configuration)
      @app = app
      @board = board
      @journal = journal
      @configuration = configuration
      @cross_origin = CrossOrigin.new(configuration.cors_origin)
    end

    # Rack's interface.
    def call(env)
      case env['PATH_INFO']
      when '/healthz' then probe(env) { plain(*HttpText.health(@board)) }
      when '/metrics' then probe(env) { metrics }
      else serve(env)
      end
    end

    private

    def probe(env)
      return yield if PROBE_METHODS.include?(env['REQUEST_METHOD'])

      plain(405, 'Method Not Allowed', 'allow' => PROBE_METHODS.join(', '))
    end

    def metrics
      [200, { 'content-type' => MetricsPage::CONTENT_TYPE }, [MetricsPage.new(@board).to_s]]
    end

    def serve(env)
      status, headers, body = @cross_origin.preflight(env) || refusal(env) || answer(env)
      @cross_origin.allow(headers)
      [status, headers, body]
    end

    # @return [Array, nil] an answer to what is not to reach the function
    def refusal(env)
      too_large(env) if env[RequestLimits::TOO_LARGE]
    end

    def answer(env)
      env[FunctionApp::EVENT] = event = Event.from(env)
      call = Call.new(@journal, env['puma.socket'].id, AccessFields.of(env, event[:'event-id']))
      response = respond(env, call)
    rescue BadRequest => e
      refuse(env, e.status, e.message)
    ensure
      call&.killed unless response
    end

    def respond(env, call)
      status, headers, body = call.limited { @app.call(env) }
      return stream(env, call, status, headers, body) unless body.is_a?(Array)

      bytes = env['REQUEST_METHOD'] == 'HEAD' ? 0 : body.sum(&:bytesize)
      call.finish(status, bytes, failed: env.key?(FunctionApp::FAILED))
      [status, headers, body]
    rescue DeadlineExceeded
      call.finish(408, HttpText::TIMEOUT.bytesize, timed_out: true)
      plain(408, HttpText::TIMEOUT)
    rescue Exception => e # rubocop:disable Lint/RescueException
      # Also `exit`: one call must not end the others.
      call.fail(e, 500, HttpText::ERROR.bytesize)
      plain(500, HttpText::ERROR)
    end

    def stream(env, call, status, headers, chunks)
      length = headers['content-length']&.to_i
      body = StreamBody.new(chunks, call, status, length)
      if env['REQUEST_METHOD'] == 'HEAD'
        body.close
        return [status, headers, NO_CHUNKS]
      end
      # HTTP/1.0 has no chunks: the end of the connection is the end of the body.
      Framing.close(env) unless length || env[RequestLimits::PROTOCOL] == 'HTTP/1.1'
      [status, headers, body.begin]
    end

    def too_large(env)
      variable = env[RequestLimits::TOO_LARGE]
      limit = variable == 'REQ_MB_LIMIT' ? @configuration.body_limit : @configuration.multipart_limit
      socket = env['puma.socket']
      (env['rack.after_reply'] ||= []) << -> { socket.linger }
      mebibytes = limit.fdiv(Configuration::MEBIBYTE)
      mebibytes = mebibytes.to_i if mebibytes == mebibytes.to_i
      refuse(env, 413, "Request body exceeds #{variable}=#{mebibytes} MiB")
    end

    # A request that is no call: logged, but not counted.
    def refuse(env, status, text)
      @journal.log(AccessFields.of(env), status, text.bytesize, 0.0)
      plain(status, text)
    end

    def plain(status, text, headers = {})
      [status, { 'content-type' => HttpText::PLAIN }.merge(headers), [text]]
    end
  end
end
