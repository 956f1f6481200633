# frozen_string_literal: true

require_relative 'helper'

class LogsTest < Minitest::Test
  include RuntimeKit::Fixtures

  ENVIRONMENT = { 'REMOTE_ADDR' => '::ffff:10.0.0.1', 'REQUEST_METHOD' => 'GET', 'REQUEST_PATH' => '/a',
                  'QUERY_STRING' => 'b=1', 'HTTP_VERSION' => 'HTTP/1.1', 'HTTP_USER_AGENT' => "a\"b\n",
                  'HTTP_EVENT_ID' => '7' }.freeze

  def fields
    RuntimeKit::AccessFields.of(ENVIRONMENT)
  end

  def test_combined
    line = RuntimeKit::CombinedFormat.new.access(fields, 200, 11, 0.5)

    assert_match(%r{\A10\.0\.0\.1 - - \[\d\d/\w{3}/\d{4}:\d\d:\d\d:\d\d \+0000\] "GET /a\?b=1 HTTP/1\.1" 200 11 "-" },
                 line)
    assert line.end_with?("\"a\\\"b\\x0a\"\n"), line
  end

  def test_json
    entry = JSON.parse(RuntimeKit::JsonFormat.new.access(fields, 200, 11, 0.0015))

    assert_equal %w[time level method path status durationMs bytes eventId traceparent remote], entry.keys
    assert_equal ['/a', 1.5, '7', nil], entry.values_at('path', 'durationMs', 'eventId', 'traceparent')
  end

  def test_errors_show_the_functions_frames
    error = assert_raises(KeyError) { {}.fetch(:missing) }
    entry = JSON.parse(RuntimeKit::JsonFormat.new.error(error))

    assert_equal 'error', entry['level']
    assert_includes entry['stack'], "#{__FILE__}:"
  end

  def test_lines_wait_on_the_board_until_printed
    shared = board
    out, = capture_subprocess_io do
      log = RuntimeKit::AccessLog.new(shared.log(1))
      log << "one\n"
      log << "two\n"
      # What a supervisor does after the worker's death.
      RuntimeKit::AccessLog.new(shared.log(1)).flush
    end

    assert_equal "one\ntwo\n", out
  end

  def test_long_texts_are_printed_whole
    text = Array.new(900) { |number| "line #{number}\n" }.join
    out, = capture_subprocess_io { RuntimeKit::AccessLog.print(text) }

    assert_equal text, out
  end
end
