# frozen_string_literal: true

require_relative 'helper'
require 'rbs'
require 'rbs/test'

# The signatures in sig/ are for functions; these tests hold them against what the server really does.
class SignatureTest < Minitest::Test
  include RuntimeKit::Fixtures

  ROOT = File.expand_path('..', __dir__)
  EXAMPLE = File.expand_path('../../examples/ruby/typed', ROOT)

  ENVIRONMENT = RBS::EnvironmentLoader.new.then do |loader|
    loader.add(path: Pathname(ROOT).join('sig'))
    loader.add(path: Pathname(EXAMPLE).join('sig'))
    RBS::Environment.from_loader(loader).resolve_type_names
  end
  BUILDER = RBS::DefinitionBuilder.new(env: ENVIRONMENT)

  # The type of an argument, or of the result, of the example's handler.
  HANDLER = BUILDER.build_instance(RBS::TypeName.new(name: :Object, namespace: RBS::Namespace.root))
                   .methods.fetch(:place).method_types.first.type
  EVENT, CONTEXT = HANDLER.required_positionals.map(&:type)
  ANSWER = HANDLER.return_type

  def check(value, type)
    options = { self_class: Object, builder: BUILDER, sample_size: nil, unchecked_classes: [] }
    options.merge!(instance_class: Object, class_class: Class) if RBS::VERSION >= '3'
    RBS::Test::TypeCheck.new(**options).value(value, type)
  end

  def event(text = '{"item":"tea","count":2}', type = 'application/json')
    RuntimeKit::Event.from(body(text, type).merge('HTTP_EVENT_ID' => '7'))
  end

  def context
    configuration('FUNC_RUNTIME' => 'ruby3.3').context
  end

  def test_events_and_contexts_of_the_server_are_of_their_type
    [event, event('text', 'text/plain'), event("\xFF".b, 'image/png'), event('', '')].each do |made|
      assert check(made, EVENT), made.inspect
    end
    assert check(context, CONTEXT), context.inspect
    assert check(configuration.context, CONTEXT), configuration.context.inspect
  end

  def test_others_are_not
    refute check(event.merge(data: Object.new), EVENT)
    refute check(event.merge('event-id': 7), EVENT)
    refute check(event.merge(extensions: nil), EVENT)
    refute check(context.merge(timeout: 180), CONTEXT)
  end

  def test_what_the_server_answers_with_is_an_answer
    [nil, 'text', 1.5, { a: 1 }, [1], :symbol, Thread.new { nil }, Enumerator.new { nil }].each do |value|
      assert check(value, ANSWER), value.inspect
    end
    refute check(Object.new, ANSWER)
    refute check(-> {}, ANSWER)
  end

  def test_the_example_is_called_with_its_types_and_returns_its_type
    function = RuntimeKit::Function.load(configuration('MOD_ROOT_PATH' => EXAMPLE, 'MOD_NAME' => 'order',
                                                       'FUNC_HANDLER' => 'place'))
    made = event
    made[:extensions].response = Sinatra::Response.new
    answer = function.call(made, context)

    assert check(answer, ANSWER)
    assert_equal ['tea', 2, '7'], answer.values_at(:item, :count, :id)
    assert_equal 201, made[:extensions].response.status
  end
end
