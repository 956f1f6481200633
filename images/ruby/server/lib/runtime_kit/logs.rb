# frozen_string_literal: true

require 'json'
require 'time'
require_relative 'error_text'

module RuntimeKit
  # What a request tells the access log, as an array: cheap to make, join and split.
  module AccessFields
    NAMES = %i[remote method path query protocol referer agent event_id traceparent].freeze

    # @param env [Hash] a Rack environment
    # @param event_id [String, nil]
    # @return [Array<String>] in the order of NAMES, '' where absent
    def self.of(env, event_id = nil)
      [remote(env['REMOTE_ADDR']), env['REQUEST_METHOD'], env['REQUEST_PATH'], env['QUERY_STRING'] || '',
       env['HTTP_VERSION'] || 'HTTP/1.1', env['HTTP_REFERER'] || '', env['HTTP_USER_AGENT'] || '',
       event_id || env['HTTP_EVENT_ID'] || env['HTTP_CE_ID'] || '', env['HTTP_TRACEPARENT'] || '']
    end

    # An IPv4 peer of a socket that listens on both families is shown as IPv4.
    def self.remote(address)
      address&.delete_prefix('::ffff:') || '-'
    end
  end

  # Apache's combined format; errors as Ruby prints them.
  class CombinedFormat
    UNSAFE = /["\\\x00-\x1f\x7f]/n

    def initialize
      @second = nil
      @stamp = nil
    end

    # @return [String] one line with its end
    def access(fields, status, bytes, _seconds)
      remote, method, path, query, protocol, referer, agent = fields
      path = "#{path}?#{query}" unless query.empty?
      "#{remote} - - [#{stamp}] \"#{method} #{safe(path)} #{protocol}\" #{status} #{bytes} " \
        "\"#{safe(dash(referer))}\" \"#{safe(dash(agent))}\"\n"
    end

    # @param error [Exception]
    def error(error)
      "#{ErrorText.of(error)}\n"
    end

    def message(_level, text)
      "runtime-kit: #{text}\n"
    end

    private

    def dash(text)
      text.nil? || text.empty? ? '-' : text
    end

    # A quote or a line end in a header must not look like a field or a line of the log.
    def safe(text)
      return text unless text.b.match?(UNSAFE)

      text.b.gsub(UNSAFE) { |char| char =~ /["\\]/ ? "\\#{char}" : format('\\x%02x', char.ord) }
    end

    # The time changes once a second, a busy worker logs thousands of lines in one.
    def stamp
      now = Process.clock_gettime(Process::CLOCK_REALTIME, :second)
      return @stamp if now == @second

      @stamp = Time.at(now).utc.strftime('%d/%b/%Y:%H:%M:%S +0000')
      @second = now
      @stamp
    end
  end

  # One JSON object a line.
  class JsonFormat
    def access(fields, status, bytes, seconds)
      remote, method, path, _query, _protocol, _referer, _agent, event_id, traceparent =
        fields.map { |field| field.dup.force_encoding(Encoding::UTF_8).scrub }
      line(time: now, level: 'info', method:, path:, status:,
           durationMs: (seconds * 1000).round(3), bytes:, eventId: present(event_id),
           traceparent: present(traceparent), remote:)
    end

    def error(error)
      line(time: now, level: 'error', message: "#{ErrorText.message(error)} (#{error.class})",
           stack: ErrorText.of(error))
    end

    def message(level, text)
      line(time: now, level:, message: text)
    end

    private

    def line(fields)
      "#{JSON.generate(fields)}\n"
    end

    def now
      Time.now.utc.iso8601(3)
    end

    def present(text)
      text.nil? || text.empty? ? nil : text
    end
  end

  # Chooses the format.
  module Logs
    # @param name [String] 'combined' or 'json'
    def self.format(name)
      name == 'json' ? JsonFormat.new : CombinedFormat.new
    end
  end
end
