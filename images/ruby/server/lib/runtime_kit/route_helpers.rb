# frozen_string_literal: true

require 'sinatra/base'
require_relative 'call_group'

module RuntimeKit
  # Sinatra's helpers (halt, status, redirect, params …) at the top level of the function's file.
  #
  # A handler runs on `main`, like the rest of its file, so the instance variables that the file sets are
  # there and stay. What `main` does not know it asks of the application that runs the call. A method of
  # the same name in the file wins.
  module RouteHelpers
    NAMES = [*Sinatra::Helpers.public_instance_methods, *Sinatra::Templates.public_instance_methods,
             :env, :halt, :params, :request, :response, :settings].to_h { |name| [name, true] }.freeze

    # Gives them to `main`.
    def self.offer
      TOPLEVEL_BINDING.receiver.extend(self)
    end

    # @return [FunctionApp, nil] what runs the call of this thread, where it has that method
    def self.receiver(name)
      CallGroup.current&.application if NAMES.key?(name)
    end

    private

    def method_missing(name, ...)
      application = RouteHelpers.receiver(name)
      application ? application.__send__(name, ...) : super
    end

    def respond_to_missing?(name, include_private)
      (include_private && !RouteHelpers.receiver(name).nil?) || super
    end
  end
end
