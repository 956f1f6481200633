# frozen_string_literal: true

require_relative 'helper'
require 'open3'
require 'rbconfig'
require 'runtime_kit/compiled_code'
require 'tmpdir'

# In processes of their own: what is loaded stays loaded.
class CompiledCodeTest < Minitest::Test
  LIBRARY = File.expand_path('../server/lib', __dir__)
  USE = "require 'runtime_kit/compiled_code'; RuntimeKit::CompiledCode.use('code');"

  def setup
    @folder = File.realpath(Dir.mktmpdir)
    write('VALUE = "first"')
    run_ruby("require './loaded'; require 'runtime_kit/compiled_code'; RuntimeKit::CompiledCode.keep('code')")
  end

  def teardown
    FileUtils.remove_entry(@folder)
  end

  # A text of the same size and time is in the file's place: only the kept code can say `first`.
  def test_code_that_was_kept_is_loaded_instead_of_the_file
    write('VALUE = "other"')

    assert_equal "first\n", run_ruby("#{USE} require './loaded'; puts VALUE")
  end

  def test_a_file_of_another_size_or_time_is_compiled
    write('VALUE = "a longer one"')
    assert_equal "a longer one\n", run_ruby("#{USE} require './loaded'; puts VALUE")

    write('VALUE = "other"', 1)
    assert_equal "other\n", run_ruby("#{USE} require './loaded'; puts VALUE")
  end

  def test_after_forget_every_file_is_compiled
    write('VALUE = "other"')

    assert_equal "other\n", run_ruby("#{USE} RuntimeKit::CompiledCode.forget; require './loaded'; puts VALUE")
  end

  def test_code_of_another_ruby_is_not_used
    kept = Marshal.load(File.binread("#{@folder}/code")) # rubocop:disable Security/MarshalLoad
    kept.each_value { |_state, code| code.setbyte(4, code.getbyte(4) + 1) } # the major version
    File.binwrite("#{@folder}/code", Marshal.dump(kept))
    write('VALUE = "other"')

    assert_equal "other\n", run_ruby("#{USE} require './loaded'; puts VALUE")
  end

  def test_without_kept_code_files_are_compiled
    File.delete("#{@folder}/code")

    assert_equal "first\n", run_ruby("#{USE} require './loaded'; puts VALUE")
  end

  def test_errors_in_kept_code_name_file_and_line
    write("VALUE = 1\n\ndef broken = raise('here')")
    run_ruby("require './loaded'; require 'runtime_kit/compiled_code'; RuntimeKit::CompiledCode.keep('code')")

    seen = run_ruby("#{USE} require './loaded'; begin; broken; rescue => e; puts e.backtrace.first; end")
    assert seen.start_with?("#{@folder}/loaded.rb:3:"), seen
  end

  private

  def write(text, later = 0)
    path = "#{@folder}/loaded.rb"
    File.write(path, text)
    File.utime(0, 1_000_000 + later, path)
  end

  def run_ruby(code)
    out, status = Open3.capture2e(RbConfig.ruby, "-I#{LIBRARY}", '-e', code, chdir: @folder)
    assert_predicate status, :success?, out
    out
  end
end
