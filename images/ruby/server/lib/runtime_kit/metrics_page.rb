# frozen_string_literal: true

require_relative 'counters'
require_relative 'process_usage'
require_relative 'running_calls'

module RuntimeKit
  # The page of GET /metrics in Prometheus's text format. Any process can write it: all numbers are
  # on the board.
  class MetricsPage
    CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

    def initialize(board)
      @board = board
    end

    # @return [String]
    def to_s
      @page = +''
      totals = self.class.sum(@board)
      counter('function_calls_total', 'Calls of the function.', totals, Counters::CALLS)
      counter('function_failures_total', 'Calls that ended in an error or a timeout.', totals, Counters::FAILURES)
      counter('function_timeouts_total', 'Calls that ran past FUNC_TIMEOUT.', totals, Counters::TIMEOUTS)
      histogram(totals)
      gauge('function_requests_in_flight', 'Calls that are running now.', calls_in_flight)
      processes
      @page
    end

    # @return [Hash{String => Array<Float>}] the cells of each method that was called, over all slots
    def self.sum(board)
      cells = (0...board.slots).map { |slot| Counters.new(board.counters(slot)).to_a }.transpose.map(&:sum)
      Counters::METHODS.zip(cells.each_slice(Counters::CELLS_PER_METHOD))
                       .select { |_, counts| counts[Counters::CALLS].positive? }.to_h
    end

    private

    def counter(name, help, totals, cell)
      head(name, help, 'counter')
      totals.each { |method, counts| sample(name, %({method="#{method}"}), counts[cell]) }
    end

    def histogram(totals)
      name = 'function_duration_seconds'
      head(name, 'Duration of the calls in seconds.', 'histogram')
      totals.each do |method, counts|
        below = 0
        Counters::BUCKETS.each_with_index do |bound, index|
          below += counts[Counters::FIRST_BUCKET + index]
          sample("#{name}_bucket", %({method="#{method}",le="#{bound}"}), below)
        end
        sample("#{name}_bucket", %({method="#{method}",le="+Inf"}), counts[Counters::CALLS])
        sample("#{name}_sum", %({method="#{method}"}), counts[Counters::SECONDS])
        sample("#{name}_count", %({method="#{method}"}), counts[Counters::CALLS])
      end
    end

    def gauge(name, help, value)
      head(name, help, 'gauge')
      sample(name, '', value)
    end

    def processes
      usage = ProcessUsage.of((0...@board.slots).map { |slot| @board.pid(slot) }.select(&:positive?))
      head('process_cpu_seconds_total', 'Total user and system CPU time spent in seconds.', 'counter')
      sample('process_cpu_seconds_total', '', usage.cpu_seconds)
      gauge('process_resident_memory_bytes', 'Resident memory size in bytes.', usage.resident_bytes)
      gauge('process_start_time_seconds', 'Start time of the process since unix epoch in seconds.', @board.started_at)
    end

    def calls_in_flight
      (1...@board.slots).sum { |slot| RunningCalls.new(@board.calls(slot), @board.call_size).count }
    end

    def head(name, help, type)
      @page << "# HELP #{name} #{help}\n# TYPE #{name} #{type}\n"
    end

    def sample(name, labels, value)
      value = value.to_i if value == value.to_i
      @page << "#{name}#{labels} #{value}\n"
    end
  end
end
