# frozen_string_literal: true

require_relative 'helper'
require 'tmpdir'

class FunctionTest < Minitest::Test
  include RuntimeKit::Fixtures

  # A loaded file cannot be unloaded, so each case has names of its own.
  def load(text, handler, files = {})
    Dir.mktmpdir do |folder|
      files.each { |name, content| File.write("#{folder}/#{name}", content) }
      File.write("#{folder}/#{handler}_file.rb", text)
      RuntimeKit::Function.load(configuration('MOD_ROOT_PATH' => folder, 'MOD_NAME' => "#{handler}_file",
                                              'FUNC_HANDLER' => handler))
    end
  end

  def test_a_method_of_the_top_level_runs_there
    function = load("@made = 'once'\ndef of_all(event, context) = [self, @made, event, context]", 'of_all')

    assert_equal [TOPLEVEL_BINDING.receiver, 'once', 1, 2], function.call(1, 2)
  end

  def test_a_singleton_method
    assert_equal 3, load('def self.of_main(event, context) = event + context', 'of_main').call(1, 2)
  end

  def test_a_helper_beside_it
    text = "require_relative 'helper_4711'\nrequire 'other_4711'\ndef with_helper(_, _) = HELPER + OTHER"
    files = { 'helper_4711.rb' => "HELPER = 'a'", 'other_4711.rb' => "OTHER = 'b'" }

    assert_equal 'ab', load(text, 'with_helper', files).call(nil, nil)
  end

  { 'missing' => '', 'puts' => '', 'takes_one' => 'def takes_one(event) = event' }.each do |handler, text|
    define_method("test_no_handler_#{handler}") do
      error = assert_raises(RuntimeKit::Configuration::Invalid) { load(text, handler) }

      assert_match(/\AFUNC_HANDLER is "#{handler}": /, error.message)
    end
  end

  { 'raises' => "\n\nraise 'load-4711'", 'lacks' => "\n\nrequire 'no_such_4711'", 'bad' => "\n\ndef x(a b)\nend" }
    .each do |handler, text|
    define_method("test_file_and_line_of_what_#{handler}") do
      error = assert_raises(RuntimeKit::Function::LoadError) { load(text, handler) }

      assert_includes error.message, "#{handler}_file.rb:3"
    end
  end
end
