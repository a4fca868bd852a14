#!/bin/busybox sh
# The first process of the guest: the whole life of a USB key, told on the serial console. Each step is `=== name`, what it
# prints, and `--- name code`. With `claviger.unplugged` on the kernel's command line no key is ever there: the control.
export PATH=/bin NO_COLOR=1
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mount -t tmpfs tmp /tmp
mount -t tmpfs run /run
for module in hid uhid hid-generic; do insmod /modules/$module.ko; done
ln -s /proc/self/fd /dev/fd

state=/tmp/key
serial=CLV0000001
: > /tmp/served
: > /tmp/watched
# Tenths of a second; where nothing can come nothing is waited for.
patience=600
grep -q claviger.unplugged /proc/cmdline && patience=10

step() {
    name=$1
    shift
    echo "=== $name"
    "$@" 2>&1
    echo "--- $name $?"
}

order() { claviger-virtual-key "$1" --state $state; }

# Waits until a file holds a text, as long as a process lives.
says() {
    left=$patience
    until grep -q "$2" "$1"; do
        left=$((left - 1))
        kill -0 "$3" 2>/dev/null && [ $left -gt 0 ] || return 1
        sleep 0.1
    done
}

plugged() {
    left=$patience
    until ls /sys/class/hidraw/* >/dev/null 2>&1; do
        left=$((left - 1))
        [ $left -gt 0 ] || return 1
        sleep 0.1
    done
}

# Frames as they go over the wire, in hexadecimal; `dd` fills them up with zeros.
frame() { printf "$(echo "00$1" | sed 's/../\\x&/g')" | dd bs=65 count=1 conv=sync 2>/dev/null >&3; }
heard() {
    for _ in $(seq 50); do
        report=$(timeout 10 dd bs=64 count=1 2>/dev/null <&3 | od -An -v -tx1 | tr -d ' \n')
        case $report in "$1"*) echo "$report" | cut -c1-38; return 0 ;; esac
        [ -n "$report" ] || return 1
    done
    return 1
}
channel() {
    frame ffffffff8600080102030405060708
    heard ffffffff86 | cut -c31-38
}
node() { ls /dev/hidraw* 2>/dev/null | tail -1; }

frames() {
    [ -e "$(node)" ] || return 1
    exec 3<>"$(node)"
    own=$(channel)
    frame "${own}81000401020304"
    echo "ping $(heard "${own}81")"
    frame "${own}90006404"
    frame "${own}01"
    echo "broken sequence $(heard "${own}bf")"
    frame "${own}90006404"
    echo "half a message $(heard "${own}bf")"
    frame 0badcafe90000104
    echo "unknown channel $(heard 0badcafebf)"
    exec 3>&-
}

busy() {
    [ -e "$(node)" ] || return 1
    exec 3<>"$(node)"
    other=$(channel)
    frame "${other}90000104"
    echo "another channel $(heard "${other}bf")"
    exec 3>&-
}

# A reset as far as the touch that it waits for, and that the program has told of.
begin_reset() {
    : > /tmp/served
    : > /tmp/reset
    claviger-key reset --serial $serial --yes >/tmp/reset 2>&1 &
    reset=$!
    says /tmp/reset 'Take the key out' $reset && order remove &&
        says /tmp/reset 'Put it in' $reset && order insert &&
        says /tmp/served 'Touch to forget' $reset &&
        says /tmp/reset 'Touch the key' $reset
}
end_reset() {
    wait $reset
    code=$?
    cat /tmp/reset
    return $code
}
stopped_reset() {
    begin_reset && busy && kill -INT $reset
    end_reset
}
unplugged_reset() {
    begin_reset && order remove
    end_reset
}
touched_reset() {
    begin_reset && order touch
    end_reset
}

watched() {
    claviger-key watch --output json >>/tmp/watched 2>&1 &
    watch=$!
    says /tmp/watched inserted $watch && order remove &&
        says /tmp/watched removed $watch && cat /tmp/watched && : >/tmp/watched &&
        order insert && says /tmp/watched inserted $watch && echo 'and again'
    code=$?
    kill $watch
    cat /tmp/watched
    return $code
}

insert() { order insert && plugged; }

steps() {
    if ! grep -q claviger.unplugged /proc/cmdline; then
        claviger-virtual-key serve --usb --touch ask --state $state --serial $serial </dev/null >>/tmp/served 2>&1 &
        plugged || cat /tmp/served
    fi
    step kernel grep -h . /sys/class/hidraw/hidraw0/device/uevent
    step list claviger-key list --output json
    step info claviger-key info
    CLAVIGER_NEW_PIN=482913 step pin-set claviger-key pin set
    CLAVIGER_NEW_PIN=482913 step pin-set-again claviger-key pin set
    CLAVIGER_PIN=000000 step wrong-pin claviger-key credentials list
    CLAVIGER_PIN=482913 CLAVIGER_NEW_PIN=57391846 step pin-change claviger-key pin change
    export CLAVIGER_PIN=57391846
    step credentials claviger-key credentials list
    step min-pin-length claviger-key config min-pin-length 6 --rp-id login.example.org --output json
    step always-uv claviger-key config always-uv on --output json
    step enterprise claviger-key config enterprise-attestation --output json
    step force-change claviger-key config force-pin-change --output json
    step change-due claviger-key credentials list
    CLAVIGER_NEW_PIN=60718293 step pin-change-due claviger-key pin change
    unset CLAVIGER_PIN
    step frames frames
    step watch watched
    plugged
    step stopped-reset stopped_reset
    step unplugged-reset unplugged_reset
    step gone claviger-key info
    insert
    step kept claviger-key info
    step touched-reset touched_reset
    step as-new claviger-key info
}

steps
echo "=== end"
poweroff -f
