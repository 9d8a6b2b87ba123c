"""Where this machine is found."""

import ipaddress

from plumbing.addresses import own_addresses


def test_addresses_are_addresses_and_none_is_this_machine_s_own_loop():
    for address in own_addresses():
        assert not ipaddress.IPv4Address(address).is_loopback
