# frozen_string_literal: true

require 'etc'

module RuntimeKit
  # What some processes have used, read from /proc.
  ProcessUsage = Struct.new(:cpu_seconds, :resident_bytes)

  class ProcessUsage # rubocop:disable Style/Documentation
    TICKS = Etc.sysconf(Etc::SC_CLK_TCK).to_f
    PAGE = Etc.sysconf(Etc::SC_PAGESIZE)

    # Fields of /proc/PID/stat after the name, which may hold spaces and ends with the last ")".
    TIMES = (11..14) # utime, stime, and those of children that were waited for
    RESIDENT = 21

    # @param pids [Array<Integer>] a process that is gone counts as nothing: its time is in its
    #   parent's, which waited for it
    # @return [ProcessUsage]
    def self.of(pids)
      pids.each_with_object(new(0.0, 0)) do |pid, usage|
        fields = File.read("/proc/#{pid}/stat").rpartition(')').last.split
        usage.cpu_seconds += fields[TIMES].sum(&:to_i) / TICKS
        usage.resident_bytes += fields[RESIDENT].to_i * PAGE
      rescue SystemCallError
        next
      end
    end
  end
end
