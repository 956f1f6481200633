# frozen_string_literal: true

require 'etc'

module RuntimeKit
  # How many processors this container may use.
  module Cpus
    # cgroup v2 has both numbers in one file: "QUOTA PERIOD" or "max PERIOD" (microseconds).
    V2 = '/sys/fs/cgroup/cpu.max'
    # cgroup v1 has one file each; a quota of -1 means no limit.
    V1 = %w[/sys/fs/cgroup/cpu/cpu.cfs_quota_us /sys/fs/cgroup/cpu/cpu.cfs_period_us].freeze

    # @return [Integer] at least 1; a part of a processor counts as a whole one
    def self.available
      [Etc.nprocessors, quota].compact.min.clamp(1, 512)
    end

    # @return [Integer, nil] nil where there is no limit
    def self.quota(v2_file = V2, v1_files = V1)
      quota, period = File.exist?(v2_file) ? File.read(v2_file).split : v1_files.map { |f| File.read(f) }
      return unless quota.to_i.positive? && period.to_i.positive?

      (quota.to_f / period.to_i).ceil
    rescue SystemCallError
      nil
    end
  end
end
