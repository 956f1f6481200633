# frozen_string_literal: true

module RuntimeKit
  # Where Kubernetes looks for the reason of an exit: the platform shows this text in the pod's
  # status.
  class TerminationLog
    DEFAULT_PATH = '/dev/termination-log'
    MAXIMUM_BYTES = 4096

    def initialize(env)
      @path = env['KUBELESS_TERMINATION_LOG'] || DEFAULT_PATH
      @explicit = env.key?('KUBELESS_TERMINATION_LOG')
    end

    # Writes the first bytes of the text. Outside Kubernetes there is no such file, and nothing is
    # written: a file in /dev is not ours to make.
    # @param text [String]
    def write(text)
      return unless @explicit || File.exist?(@path)

      File.write(@path, text.byteslice(0, MAXIMUM_BYTES).scrub(''))
    rescue SystemCallError => e
      warn "runtime-kit: termination log #{@path.inspect} cannot be written: #{e.message}"
    end
  end
end
