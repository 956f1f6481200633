# frozen_string_literal: true

require 'fileutils'
require 'tmpdir'

module RuntimeKit
  # The files that Rack makes of multipart bodies. Ruby deletes one when nobody refers to it any more, so a
  # worker that is killed leaves its own behind; where /tmp is memory, that would be the container's.
  module Uploads
    # Deletes those of a process that has ended.
    def self.clear(pid)
      FileUtils.rm_f(Dir.glob("#{Dir.tmpdir}/RackMultipart*-#{pid}-*"))
    end
  end
end
