package wasmshrink

import "errors"

// Segments that are nearer than this become one: Go's linker leaves out every
// short run of zeros, which makes 100,000 segments whose headers hardly
// compress; the zeros compress to nothing.
const segmentGap = 4096

// mostMemory bounds the initial memory. The engine's is 4 MiB.
const mostMemory = 1 << 28

// image gives the initial memory.
func (m *module) image() ([]byte, error) {
	end := 0
	for _, s := range m.data {
		end = max(end, s.to+len(s.data))
	}
	if end > mostMemory {
		return nil, errors.New("wasmshrink: there is more initial memory than makes sense")
	}
	image := make([]byte, end)
	for _, s := range m.data {
		copy(image[s.to:], s.data)
	}
	return image, nil
}

// setImage makes segments of an image: what is between long runs of zeros.
func (m *module) setImage(image []byte) {
	m.data = nil
	start, zeros := -1, 0
	for i, c := range image {
		switch {
		case c == 0:
			if zeros++; zeros >= segmentGap && start >= 0 {
				m.data = append(m.data, segment{start, image[start : i+1-zeros]})
				start = -1
			}
			continue
		case start < 0:
			start = i
		}
		zeros = 0
	}
	if start >= 0 {
		m.data = append(m.data, segment{start, image[start : len(image)-zeros]})
	}
}
