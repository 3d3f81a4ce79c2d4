module fencepost/reference

go 1.22
