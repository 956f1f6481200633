# frozen_string_literal: true

require_relative 'helper'
require 'tmpdir'

class CpusTest < Minitest::Test
  def test_version_two
    assert_equal 2, quota(unified: "150000 100000\n")
    assert_nil quota(unified: "max 100000\n")
  end

  def test_version_one
    assert_equal 1, quota(split: %W[50000\n 100000\n])
    assert_nil quota(split: ["-1\n", "100000\n"])
  end

  def test_no_cgroup
    assert_nil RuntimeKit::Cpus.quota('/no/such/file', ['/no/such/file'])
  end

  private

  def quota(unified: nil, split: [])
    Dir.mktmpdir do |folder|
      File.write("#{folder}/v2", unified) if unified
      files = split.each_with_index.map { |text, index| "#{folder}/v1-#{index}".tap { |file| File.write(file, text) } }
      RuntimeKit::Cpus.quota("#{folder}/v2", files)
    end
  end
end
