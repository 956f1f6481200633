# frozen_string_literal: true

require_relative 'helper'

class ConfigurationTest < Minitest::Test
  include RuntimeKit::Fixtures

  def test_defaults
    settings = configuration('FUNC_WORKERS' => '3')

    assert_equal 8080, settings.port
    assert_equal 180, settings.timeout
    assert_equal 3, settings.workers
    assert_equal 1024 * 1024, settings.body_limit
    assert_equal '/kubeless/function.rb', settings.path
  end

  def test_fractions_are_times
    assert_in_delta 0.5, configuration('FUNC_TIMEOUT' => '0.5').timeout
  end

  def test_cors_can_be_turned_off
    assert_nil configuration('CORS_ORIGIN' => 'off').cors_origin
    assert_equal 'https://a.example', configuration('CORS_ORIGIN' => 'https://a.example').cors_origin
  end

  { 'FUNC_PORT' => %w[abc 0 65536 80.5], 'FUNC_TIMEOUT' => %w[-1 0 soon NaN], 'FUNC_WORKERS' => %w[0 -2 many],
    'FUNC_THREADS' => ['0'], 'REQ_MB_LIMIT' => %w[0 much], 'FUNC_DRAIN_DELAY' => ['-1'], 'LOG_FORMAT' => ['xml'],
    'MOD_NAME' => ['', '../x', 'a/b'], 'FUNC_HANDLER' => [''] }.each do |variable, values|
    values.each do |value|
      define_method("test_#{variable}_is_not_#{value.inspect}") do
        error = assert_raises(RuntimeKit::Configuration::Invalid) { configuration(variable => value) }

        assert_match(/\A#{variable} is #{Regexp.escape(value.inspect)}: set it to /, error.message)
        refute_includes error.message, "\n"
      end
    end
  end
end
