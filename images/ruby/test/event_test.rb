# frozen_string_literal: true

require_relative 'helper'

class EventTest < Minitest::Test
  include RuntimeKit::Fixtures

  EVENT = { 'specversion' => '1.0', 'id' => '7', 'source' => '/s', 'type' => 't' }.freeze
  STRUCTURED = 'application/cloudevents+json'

  def structured(event)
    RuntimeKit::Event.from(body(JSON.generate(event), STRUCTURED))
  end

  def test_headers
    event = RuntimeKit::Event.from('HTTP_EVENT_ID' => '1', 'HTTP_EVENT_NAMESPACE' => 'n', 'HTTP_CE_ID' => '2')

    assert_equal '1', event[:'event-id']
    assert_equal 'n', event[:'event-namespace']
    assert_nil event[:'event-type']
  end

  def test_binary_cloudevent
    event = RuntimeKit::Event.from('HTTP_CE_ID' => '2', 'HTTP_CE_SOURCE' => '/s', 'HTTP_CE_NOTE' => 'Euro%20%E2%82%AC')

    assert_equal '2', event[:'event-id']
    assert_equal '/s', event[:'event-namespace']
    assert_equal({ 'id' => '2', 'source' => '/s', 'note' => 'Euro €' }, event[:extensions].cloudevent)
  end

  def test_no_cloudevent
    assert_nil RuntimeKit::Event.from({})[:extensions].cloudevent
  end

  def test_structured_cloudevent
    event = structured(EVENT.merge('time' => '2026-01-01T00:00:00Z', 'data' => { 'a' => 1 }))

    assert_equal({ 'a' => 1 }, event[:data])
    assert_equal '2026-01-01T00:00:00Z', event[:'event-time']
    assert_equal '7', event[:extensions].cloudevent['id']
    refute event[:extensions].cloudevent.key?('data')
  end

  def test_structured_bytes
    assert_equal "\x00\xFF".b, structured(EVENT.merge('data_base64' => 'AP8='))[:data]
    assert_raises(RuntimeKit::BadRequest) { structured(EVENT.merge('data_base64' => '?')) }
  end

  EVENT.each_key do |name|
    define_method("test_structured_needs_#{name}") do
      error = assert_raises(RuntimeKit::BadRequest) { structured(EVENT.except(name)) }

      assert_includes error.message, name
    end
  end
end
