<?php

usleep(10_000);
echo 'waited';
