# frozen_string_literal: true

require_relative 'helper'

class EventDataTest < Minitest::Test
  include RuntimeKit::Fixtures

  def read(text, type)
    RuntimeKit::EventData.read(body(text, type))
  end

  def test_json_is_parsed
    assert_equal({ 'a' => [1, nil] }, read('{"a":[1,null]}', 'application/json; charset=utf-8'))
    assert_equal 'ü😀', read('"ü😀"', 'application/problem+json')
  end

  def test_text_is_utf8
    %w[text/plain text/html application/x-www-form-urlencoded].push('').each do |type|
      text = read('a=ü😀', type)

      assert_equal 'a=ü😀', text
      assert_equal Encoding::UTF_8, text.encoding
    end
  end

  def test_charset_of_text
    assert_equal 'é', read("\xE9", 'text/plain; charset="ISO-8859-1"')
    assert_equal 'é', read('é', 'text/plain; charset=UTF8')
    assert_equal 'é', read("\xE9", 'text/plain; charset=latin1')
  end

  %w[nobody-knows internal locale emacs-mule].each do |name|
    define_method("test_unsupported_charset_#{name}") do
      %w[text/plain application/json].each do |type|
        error = assert_raises(RuntimeKit::BadRequest) { read('1', "#{type}; charset=#{name}") }

        assert_equal [415, "Unsupported charset: #{name}"], [error.status, error.message]
      end
    end
  end

  def test_json_may_begin_with_a_byte_order_mark
    assert_equal [1], read("\u{FEFF}[1]", 'application/json')
  end

  def test_anything_else_is_bytes
    bytes = read("\x00\xFF", 'image/png')

    assert_equal "\x00\xFF".b, bytes
    assert_equal Encoding::BINARY, bytes.encoding
  end

  def test_nothing
    assert_nil read('', 'application/json')
    assert_nil RuntimeKit::EventData.read({})
  end

  def test_the_request_can_still_be_read
    env = body('a=1', 'application/x-www-form-urlencoded')
    RuntimeKit::EventData.read(env)

    assert_equal 'a=1', env['rack.input'].read
  end

  def test_multipart_is_the_functions
    env = body('--x', 'multipart/form-data; boundary=x')

    assert_nil RuntimeKit::EventData.read(env)
    assert_equal 0, env['rack.input'].pos
  end

  ['{', 'nothing', "\"\xFF\"", "// comment\n1", '"\x"'].each do |text|
    define_method("test_malformed_json_#{text.inspect}") do
      error = assert_raises(RuntimeKit::BadRequest) { read(text, 'application/json') }

      assert_match(/\AMalformed JSON: \S/, error.message)
      refute_includes error.message, "\n"
    end
  end
end
