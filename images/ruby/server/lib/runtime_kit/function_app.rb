# frozen_string_literal: true

require 'sinatra/base'
require_relative 'answer'
require_relative 'event'
require_relative 'framing'
require_relative 'route_helpers'

module RuntimeKit
  # The Sinatra application that a handler runs in: one request, one instance.
  #
  # It has no routes: every path and method is the function's. So it overrides the step that would
  # look for one, and leaves out what only routes need (sessions, protection, parsing parameters
  # before anybody asks for them).
  class FunctionApp < Sinatra::Base
    set :environment, :production
    set :app_file, nil

    # What Rack says of a form or a query that it cannot read; Sinatra has an error of its own for some.
    BAD_FORMS = if defined?(Rack::BadRequest) then [Rack::BadRequest]
                else
                  [Rack::QueryParser::ParameterTypeError, Rack::QueryParser::InvalidParameterError,
                   Rack::Multipart::MultipartPartLimitError]
                end.freeze

    # The event, put here by Application.
    EVENT = 'runtime_kit.event'
    # Set in the environment where an error was raised, though one that carries a status.
    FAILED = 'runtime_kit.failed'

    # With one below, a client waits for another answer.
    STATUSES = (200..999)

    # @param function [Function]
    # @param context [Hash{Symbol => String}]
    # @return [FunctionApp] without Sinatra's middleware in front of it
    def self.serve(function, context)
      RouteHelpers.offer
      new!.tap { |app| app.prepare(function, context.freeze) }
    end

    def prepare(function, context)
      @function = function
      @context = context
    end

    # Rack's interface, on a copy of its own for each request.
    # @return [Array(Integer, Hash, #each)] a body that is no Array is a stream
    # @raise what the handler raised, but for errors of Sinatra's, which carry a status
    def call!(env)
      @env = env
      @params = nil
      @request = Sinatra::Request.new(env)
      @response = Sinatra::Response.new
      CallGroup.current&.application = self
      invoke { run_function }
      finish
    end

    # Query and form, as in a route; read when asked for.
    def params
      @params ||= Sinatra::IndifferentHash.new.merge!(@request.params)
    end

    private

    # @return [nil] so that Sinatra takes nothing but what was thrown (halt) for an answer
    def run_function
      event = @env[EVENT]
      event[:extensions].request = @request
      event[:extensions].response = @response
      @response = Answer.apply(@function.call(event, @context), @response)
      nil
    rescue Sinatra::Error => e
      raise unless e.respond_to?(:http_status)

      fail_with e.http_status, e.message
    rescue *BAD_FORMS => e
      fail_with 400, e.message
    end

    def fail_with(status, message)
      @env[FAILED] = true
      halt status, message
    end

    def finish
      Framing.correct(@env, @response.headers, @response.body)
      status, headers, body = @response.finish
      raise ArgumentError, "the function set the status to #{status}" unless STATUSES.cover?(status)

      body = [''] if body.respond_to?(:empty?) && body.empty?
      headers['content-type'] = HttpText::PLAIN unless headers['content-type'] || body == [''] || status == 304
      [status, headers, body]
    end
  end
end
