# frozen_string_literal: true

module RuntimeKit
  # The threads of a call: the one that runs it and those that it starts, which Ruby puts into the group
  # of their maker.
  class CallGroup < ThreadGroup
    # @return [FunctionApp, nil] what runs the call; nil when it has ended
    attr_accessor :application

    # @return [CallGroup, nil] of the call that this thread belongs to
    def self.current
      group = Thread.current.group
      group if group.is_a?(self)
    end
  end
end
