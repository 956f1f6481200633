# frozen_string_literal: true

require_relative 'helper'
require 'tmpdir'

class TerminationLogTest < Minitest::Test
  def test_the_first_bytes_are_kept
    Dir.mktmpdir do |folder|
      RuntimeKit::TerminationLog.new('KUBELESS_TERMINATION_LOG' => "#{folder}/log").write("first\n#{'ü' * 4000}")

      text = File.read("#{folder}/log", encoding: Encoding::UTF_8)
      assert text.start_with?("first\n")
      assert_operator text.bytesize, :<=, 4096
      assert_predicate text, :valid_encoding?
    end
  end

  def test_a_log_that_cannot_be_written_is_said
    _, err = capture_io { RuntimeKit::TerminationLog.new('KUBELESS_TERMINATION_LOG' => '/no/folder/log').write('x') }

    assert_includes err, '/no/folder/log'
  end
end
