# frozen_string_literal: true

Warning[:experimental] = false
ENV['APP_ENV'] = 'production'

require 'minitest/autorun'
require 'runtime_kit/configuration'
require 'runtime_kit/application'
require 'runtime_kit/function'
require 'runtime_kit/journal'
require 'runtime_kit/termination_log'

module RuntimeKit
  # What several tests start from.
  module Fixtures
    ENVIRONMENT = { 'MOD_NAME' => 'function', 'FUNC_HANDLER' => 'handler' }.freeze

    def configuration(variables = {})
      Configuration.from(ENVIRONMENT.merge(variables))
    end

    # Boards live as long as their process, here too: Ruby 3.1 crashes when it collects an IO::Buffer
    # and, later, a slice of it.
    BOARDS = [] # rubocop:disable Style/MutableConstant

    def board(calls: 2)
      Board.new(slots: 3, calls_per_slot: calls, counters: Counters::CELLS).tap { |board| BOARDS << board }
    end

    def body(text, type)
      { 'CONTENT_TYPE' => type, 'CONTENT_LENGTH' => text.bytesize.to_s, 'rack.input' => StringIO.new(text.b) }
    end
  end
end
