# frozen_string_literal: true

require_relative 'helper'

class AnswerTest < Minitest::Test
  def answer(value, response = Sinatra::Response.new)
    status, headers, body = RuntimeKit::Answer.apply(value, response).finish
    [status, headers['content-type'], body.to_a.join]
  end

  def test_types
    assert_equal [200, 'text/plain; charset=utf-8', 'ü'], answer('ü')
    assert_equal [200, 'application/octet-stream', "\xFF".b], answer("\xFF".b)
    assert_equal [200, nil, ''], answer(nil)
    { { a: 1 } => '{"a":1}', [1, 'x'] => '[1,"x"]', 1.5 => '1.5', false => 'false' }.each do |value, text|
      assert_equal [200, 'application/json', text], answer(value)
    end
  end

  def test_other_encodings_become_utf8
    assert_equal 'é', answer('é'.encode('ISO-8859-1')).last
  end

  def test_bytes_that_are_no_text_do_not_break_json
    assert_equal "{\"a\":\"x\u{FFFD}\"}", answer({ 'a' => "x\xFF" }).last
    assert_equal "[\"é\u{FFFD}\"]", answer(["é\xFF".b]).last
    assert_raises(JSON::GeneratorError) { answer([Float::INFINITY]) }
  end

  def test_what_can_be_received_can_be_returned
    value = JSON.parse("#{'[' * 512}#{']' * 512}", max_nesting: 512)

    assert_equal 1024, answer(value).last.bytesize
  end

  def test_what_the_function_set_stays
    response = Sinatra::Response.new
    response.status = 201
    response['Content-Type'] = 'text/csv'

    assert_equal [201, 'text/csv', 'a,b'], answer('a,b', response)
  end

  def test_rack_answers
    assert_equal [202, 'text/x', 'ab'], answer([202, { 'Content-Type' => 'text/x' }, %w[a b]])
    assert_equal [418, nil, 'tea'], answer(Sinatra::Response.new('tea', 418))
    assert_equal '[202,{},1]', answer([202, {}, 1]).last
  end

  def test_threads_are_awaited
    assert_equal 'late', answer(Thread.new { 'late' }).last
    failing = Thread.new do
      Thread.current.report_on_exception = false
      raise 'no'
    end
    error = assert_raises(RuntimeError) { answer(failing) }

    assert_equal 'no', error.message
  end

  def test_promises_are_awaited_and_plain_values_are_not
    promise = Struct.new(:value, :wait).new('kept', nil)
    plain = Struct.new(:value).new('plain')

    assert_equal 'kept', answer(promise).last
    assert_equal '{"value":"plain"}', answer(plain).last
  end

  def test_streams
    stream = Enumerator.new { |body| 2.times { |index| body << index.to_s } }

    assert_equal [200, 'text/plain; charset=utf-8', '01'], answer(stream)
  end
end
