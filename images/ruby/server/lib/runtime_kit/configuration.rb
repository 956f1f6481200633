# frozen_string_literal: true

require_relative 'cpus'

module RuntimeKit
  # The server's settings, read from the environment once and checked.
  #
  # Sizes are in bytes, times in seconds.
  Configuration = Struct.new(
    :module_name, :handler, :root, :volume, :port, :timeout, :workers, :threads,
    :body_limit, :multipart_limit, :shutdown_timeout, :drain_delay, :log_format, :cors_origin,
    :context, :termination_log, keyword_init: true
  )

  class Configuration # rubocop:disable Style/Documentation
    # A value that cannot be used. The message names the variable, its value and the fix.
    class Invalid < StandardError; end

    MEBIBYTE = 1024 * 1024

    # The threads of a worker: what waits costs little, and Ruby runs one of them at a time.
    DEFAULT_THREADS = 16

    # @param env [Hash{String => String}]
    # @return [Configuration]
    # @raise [Invalid]
    def self.from(env)
      new(**Reader.new(env).settings).freeze
    end

    # The file of the function.
    # @return [String] absolute path
    def path
      File.join(root, "#{module_name}.rb")
    end

    # Turns variables into values, or says what is wrong with one.
    class Reader
      def initialize(env)
        @env = env
      end

      # @return [Hash{Symbol => Object}] the members of Configuration
      def settings
        function.merge(limits, process, report)
      end

      private

      def function
        root = text('MOD_ROOT_PATH', '/kubeless')
        { module_name:, handler:, root: File.expand_path(root),
          volume: text('KUBELESS_INSTALL_VOLUME', root), context: }
      end

      def limits
        { timeout: seconds('FUNC_TIMEOUT', 180, above_zero: true),
          body_limit: mebibytes('REQ_MB_LIMIT', 1),
          multipart_limit: mebibytes('REQ_MULTIPART_MB_LIMIT', 32) }
      end

      def process
        { port: count('FUNC_PORT', 8080, 65_535, 'a port number'),
          workers: count('FUNC_WORKERS', -> { Cpus.available }, 512, 'a number of processes'),
          threads: count('FUNC_THREADS', DEFAULT_THREADS, 1024, 'a number of threads'),
          shutdown_timeout: seconds('FUNC_SHUTDOWN_TIMEOUT', 10),
          drain_delay: seconds('FUNC_DRAIN_DELAY', 0) }
      end

      def report
        origin = text('CORS_ORIGIN', '*')
        { log_format: choice('LOG_FORMAT', 'combined', %w[combined json]),
          cors_origin: origin == 'off' ? nil : origin,
          termination_log: @env['KUBELESS_TERMINATION_LOG'] }
      end

      def context
        { 'function-name': @env['FUNC_HANDLER'], timeout: text('FUNC_TIMEOUT', '180'),
          runtime: @env['FUNC_RUNTIME'], 'memory-limit': @env['FUNC_MEMORY_LIMIT'] }
      end

      def module_name
        name = @env.fetch('MOD_NAME', '')
        refuse('MOD_NAME', 'set it to the name of the function file without .rb') if name.empty?
        refuse('MOD_NAME', 'set it to a file name without a path') if name.match?(%r{[/\\\0]})
        name
      end

      def handler
        name = @env.fetch('FUNC_HANDLER', '')
        refuse('FUNC_HANDLER', 'set it to the name of the method to call') if name.empty?
        name
      end

      def text(variable, default)
        value = @env.fetch(variable, '')
        value.empty? ? default : value
      end

      def choice(variable, default, allowed)
        value = text(variable, default)
        return value if allowed.include?(value)

        refuse(variable, "set it to #{allowed.join(' or ')} (or leave it unset for #{default})")
      end

      def count(variable, default, maximum, noun)
        value = text(variable, nil)
        default = default.call if default.respond_to?(:call)
        return default unless value
        return value.to_i if value.match?(/\A\d{1,9}\z/) && value.to_i.between?(1, maximum)

        refuse(variable, "set it to #{noun} from 1 to #{maximum} (or leave it unset for #{default})")
      end

      def seconds(variable, default, above_zero: false)
        value = text(variable, nil)
        return default unless value

        number = Float(value, exception: false) || Float::NAN
        return number if number.finite? && (above_zero ? number.positive? : number >= 0)

        refuse(variable, "set it to seconds #{above_zero ? 'above 0' : 'from 0'}, for example " \
                         "#{default.zero? ? 5 : default} (or leave it unset for #{default})")
      end

      def mebibytes(variable, default)
        value = text(variable, nil)
        number = value ? Float(value, exception: false) || Float::NAN : default
        return (number * MEBIBYTE).to_i if number.finite? && number.positive?

        refuse(variable, "set it to MiB above 0 (or leave it unset for #{default})")
      end

      def refuse(variable, fix)
        raise Invalid, "#{variable} is #{@env.fetch(variable, '').inspect}: #{fix}"
      end
    end
  end
end
