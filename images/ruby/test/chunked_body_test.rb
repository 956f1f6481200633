# frozen_string_literal: true

require_relative 'helper'
require 'runtime_kit/chunked_body'

class ChunkedBodyTest < Minitest::Test
  WHOLE = "3\r\nabc\r\n0A;name=\"x\"\r\n0123456789\r\n0\r\nX-Trailer: y\r\n\r\nGET / HTTP/1.1\r\n"

  def test_however_it_is_cut
    (1..WHOLE.bytesize).each do |size|
      chunks = RuntimeKit::ChunkedBody.new
      body = WHOLE.bytes.each_slice(size).map { |piece| chunks.take(piece.pack('C*')) }.join

      assert_equal ['abc0123456789', true, "GET / HTTP/1.1\r\n"], [body, chunks.done?, chunks.rest]
    end
  end

  def test_an_end_that_is_not_there_yet
    chunks = RuntimeKit::ChunkedBody.new

    assert_equal 'abc', chunks.take("3\r\nabc\r\n0\r\n")
    refute_predicate chunks, :done?
  end

  ['zz', '', ' ', '-3', '+3', '0x3', '3 3', "3\0", "\v3", 'f' * 16, "3\nabc", ";x#{'y' * 5000}"].each do |size|
    define_method("test_no_size_#{size[0, 8].inspect}") do
      assert_raises(RuntimeKit::ChunkedBody::Malformed) do
        RuntimeKit::ChunkedBody.new.take("#{size}\r\nabc\r\n0\r\n\r\n")
      end
    end
  end

  [
    "3\r\nabcdef\r\n", "3\r\nabc0\r\n",
    "0\r\n#{"X: #{'y' * 2000}\r\n" * 10}", # a trailer without end
    "1;#{'x' * 3000}\r\ny\r\n" * 7 # more extensions than body
  ].each do |text|
    define_method("test_malformed_#{text[0, 12].inspect}") do
      assert_raises(RuntimeKit::ChunkedBody::Malformed) { RuntimeKit::ChunkedBody.new.take(text) }
    end
  end
end
